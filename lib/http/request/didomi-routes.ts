import type { InternalAxiosRequestConfig } from 'axios';
import { requestFacts } from './request-facts.js';

const VERSION = /^\/v1(?=\/|$)/;

/**
 * Knows which of Didomi's routes a request goes to, however it is addressed: relative to the base URL or by an absolute URL,
 * with the version or without, and behind the path of a gateway.
 */
export class DidomiRoutes {
  readonly #baseURL: string;
  /** Where the API begins on its host, `''` for Didomi's own. */
  readonly #root: string;

  constructor(baseURL: string) {
    this.#baseURL = baseURL;
    this.#root = new URL(baseURL).pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
  }

  /** Such as `/consents/events`; `''` outside of the API. */
  of(config: InternalAxiosRequestConfig): string {
    const { path } = requestFacts(config);
    const root = this.#root;
    if (root !== '' && !path.startsWith(`${root}/`)) return '';
    return path.slice(root.length).replace(VERSION, '');
  }

  /** Whether the route may hold a word. Tells nearly every request apart without taking its URL to pieces. */
  mayHold(word: string, { url = '', baseURL }: InternalAxiosRequestConfig): boolean {
    return url.includes(word) || baseURL !== this.#baseURL;
  }
}
