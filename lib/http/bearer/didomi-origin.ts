import type { InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';

/** What Axios takes for an absolute URL: then it ignores the base URL. */
const ABSOLUTE_URL = /^(?:[a-z][a-z\d+\-.]*:)?\/\//i;

/**
 * Holds requests to the origin of the configured base URL: the access token must not reach any other host.
 */
export class DidomiOrigin {
  readonly #baseURL: string;
  readonly #origin: string;
  readonly #protocol: string;

  constructor(baseURL: string) {
    const { origin, protocol } = new URL(baseURL);
    this.#baseURL = baseURL;
    this.#origin = origin;
    this.#protocol = protocol;
  }

  /**
   * @throws DidomiRequestError for a request that would leave the origin. Quotes no part of the URL, since its query may hold
   * personal data.
   */
  check(config: InternalAxiosRequestConfig): void {
    const { url = '' } = config;
    // A path behind our own base URL cannot change the origin; nearly every request ends here.
    const isPlain = config.baseURL === this.#baseURL && typeof url === 'string' && !ABSOLUTE_URL.test(url);
    if (!isPlain) this.#checkOther(config, url);
    for (const name of ['socketPath', 'transport'] as const) {
      if (config[name]) throw new DidomiRequestError(`${name} could send the request to another server: remove it`);
    }
  }

  #checkOther(config: InternalAxiosRequestConfig, url: unknown): void {
    if (typeof url !== 'string') throw new DidomiRequestError('The url of a request has to be a string');
    const isAbsolute = ABSOLUTE_URL.test(url);
    if (isAbsolute) config.url = this.#checkTarget(url);
    // Axios puts the base URL in front of an absolute URL, too, when it is told to.
    if (!isAbsolute || config.allowAbsoluteUrls === false) this.#checkTarget(`${config.baseURL ?? ''}/${url}`);
  }

  /** @returns the target with its protocol. */
  #checkTarget(target: string): string {
    const full = target.startsWith('//') ? this.#protocol + target : target;
    const parsed = URL.canParse(full) ? new URL(full) : undefined;
    if (parsed?.origin !== this.#origin) {
      throw new DidomiRequestError(
        `The request would leave Didomi: its url or baseURL has another origin than the configured ${this.#origin}`,
      );
    }
    if (parsed.username !== '' || parsed.password !== '') {
      throw new DidomiRequestError(
        'The url holds a user name or password, which would replace the access token: remove it',
      );
    }
    return full;
  }
}
