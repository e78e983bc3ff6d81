import type { InternalAxiosRequestConfig } from 'axios';
import { composeURL, isAbsoluteURL, withoutSlashesAtEnd } from '../../connection/compose-url.js';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';

type Config = Partial<InternalAxiosRequestConfig>;

/** A path that no URL parser changes. */
const PLAIN_PATH = /^[\w\-/]+$/;
const VERSION = /^\/v1(?=\/|$)/;

/**
 * Where requests may go: to the origin of the client's base URL and nowhere else, since they carry the access token.
 */
export class RequestTarget {
  /** Name and port, such as `api.didomi.io:443`. */
  readonly host: string;
  readonly #base: URL;
  /** Path of the API on its host: `''` for Didomi itself, or the path of a gateway. */
  readonly #root: string;

  constructor(private readonly baseURL: string) {
    this.#base = new URL(baseURL);
    const { hostname, port, pathname, protocol } = this.#base;
    this.host = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
    this.#root = withoutSlashesAtEnd(pathname).replace(/\/v1$/, '');
  }

  /** Whether answers have to come over TLS. */
  get isSecure(): boolean {
    return this.#base.protocol === 'https:';
  }

  /**
   * Checks where a request goes. What is not a plain path below the base URL becomes the very URL that was checked, so that
   * nothing is composed after the check.
   *
   * @throws DidomiRequestError for a request that would leave the origin. Quotes no part of the URL, since its query may hold
   * personal data.
   */
  apply(config: Config): void {
    const { url = '', baseURL = '' }: { url?: unknown; baseURL?: unknown } = config;
    if (typeof url !== 'string' || typeof baseURL !== 'string') {
      throw new DidomiRequestError('The url and the baseURL of a request have to be strings');
    }
    // A path below the client's base URL cannot change the origin. Nearly every request is one.
    if (baseURL === this.baseURL && !isAbsoluteURL(url)) return;
    // With `allowAbsoluteUrls: false` it would become a path. Who writes another host means it, or does not know what is sent.
    if (isAbsoluteURL(url)) this.#checked(url);
    config.url = this.#checked(composeURL(config));
    config.baseURL = undefined;
  }

  /** The route of a request, such as `/consents/events`, with or without `/v1` in its URL; `''` outside of the API. */
  routeOf(config: Config): string {
    const { url = '' } = config;
    if (config.baseURL === this.baseURL && PLAIN_PATH.test(url) && !url.startsWith('//')) {
      return this.#withoutVersion(url.startsWith('/') ? url : `/${url}`);
    }
    const target = composeURL(config);
    const path = URL.canParse(target) ? new URL(target).pathname : '';
    if (this.#root !== '' && !path.startsWith(`${this.#root}/`)) return '';
    return this.#withoutVersion(path.slice(this.#root.length));
  }

  /** Whether the route can hold the word. Cheaper than {@link routeOf}, and enough for nearly every request. */
  mayHold(word: string, { url = '', baseURL }: Config): boolean {
    return url.includes(word) || baseURL !== this.baseURL;
  }

  #withoutVersion(path: string): string {
    return path.replace(VERSION, '');
  }

  #checked(target: string): string {
    const absolute = target.startsWith('//') ? this.#base.protocol + target : target;
    const url = URL.canParse(absolute) ? new URL(absolute) : undefined;
    if (url?.origin !== this.#base.origin) {
      throw new DidomiRequestError(
        `The request would leave Didomi: its url or baseURL has another origin than the configured ${this.#base.origin}`,
      );
    }
    if (url.username !== '' || url.password !== '') {
      throw new DidomiRequestError(
        'The url holds a user name or password, which would replace the access token: remove it',
      );
    }
    return url.href;
  }
}
