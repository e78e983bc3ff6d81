import { isIPv4 } from 'node:net';
import type { OptionProblems } from './option-problems.js';

/** Source: the "Authentication" page of Didomi's documentation. */
const DEFAULT_BASE_URL = 'https://api.didomi.io/v1';

/**
 * The base URL without trailing slashes. Didomi answers plain HTTP with a redirect, after the API secret has been sent
 * unencrypted; so only loopback and hosts that the application vouches for may be used without TLS.
 */
export function resolveBaseURL(value: unknown, allowInsecureHttp: unknown, problems: OptionProblems): string {
  const isHttpAllowed = problems.boolean('allowInsecureHttp', allowInsecureHttp) && allowInsecureHttp === true;
  if (value === undefined) return DEFAULT_BASE_URL;
  if (!problems.text('baseURL', value, `write a URL such as ${DEFAULT_BASE_URL}, or leave it out`)) {
    return DEFAULT_BASE_URL;
  }
  if (!URL.canParse(value)) {
    problems.add('baseURL', `is not an absolute URL: write one such as ${DEFAULT_BASE_URL}`);
    return DEFAULT_BASE_URL;
  }
  const url = new URL(value);
  if (url.protocol === 'http:') checkPlainHttp(url.hostname, isHttpAllowed, problems);
  else if (url.protocol !== 'https:') problems.add('baseURL', 'has to begin with https://');
  if (url.username !== '' || url.password !== '') {
    problems.add('baseURL', 'contains a user name or password: remove it');
  }
  if (url.search !== '' || url.hash !== '') problems.add('baseURL', 'contains a query or a fragment: remove it');
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function checkPlainHttp(hostname: string, isAllowed: boolean, problems: OptionProblems): void {
  if (isLoopback(hostname)) return;
  if (isDidomi(hostname)) {
    problems.add('baseURL', 'is plain http: write https (allowInsecureHttp is for other hosts than those of Didomi)');
  } else if (!isAllowed) {
    problems.add('baseURL', 'is plain http: write https, or set allowInsecureHttp if the host is a fake Didomi');
  }
}

/**
 * Whether the host of a parsed URL is this machine. Other names below `.localhost` are not: DNS may resolve them to any
 * address. The URL parser has already turned every notation of an IPv4 address into the usual one.
 */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}

function isDidomi(hostname: string): boolean {
  return /(^|\.)didomi\.io\.*$/.test(hostname);
}
