import { isIPv4 } from 'node:net';
import type { OptionProblems } from './option-problems.js';

/** Source: the "Authentication" page of Didomi's documentation. */
export const DEFAULT_BASE_URL = 'https://api.didomi.io/v1';

/**
 * True for hosts that never leave this machine, the only ones that may be spoken to without TLS.
 */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (isIPv4(hostname) && hostname.startsWith('127.'))
  );
}

function isDidomi(hostname: string): boolean {
  return /(^|\.)didomi\.io\.*$/.test(hostname);
}

/**
 * The base URL without trailing slashes. Didomi answers plain HTTP with a redirect, and following it would hand the API
 * secret to whoever sits on the wire, so only loopback may be spoken to without TLS.
 */
export function resolveBaseURL(value: unknown, problems: OptionProblems, allowInsecureHttp: boolean): string {
  if (value === undefined) return DEFAULT_BASE_URL;
  if (!problems.text('baseURL', value, `write a URL such as ${DEFAULT_BASE_URL}, or leave it out`)) {
    return DEFAULT_BASE_URL;
  }
  if (!URL.canParse(value)) {
    problems.add('baseURL', `is not an absolute URL: write one such as ${DEFAULT_BASE_URL}`);
    return DEFAULT_BASE_URL;
  }
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    problems.add('baseURL', 'has to begin with https://');
  } else if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    if (!allowInsecureHttp) {
      problems.add('baseURL', 'is plain http: write https (http is accepted for loopback hosts only)');
    } else if (isDidomi(url.hostname)) {
      problems.add('baseURL', 'is plain http: write https (allowInsecureHttp is for fakes, never for didomi.io)');
    }
  }
  if (url.username !== '' || url.password !== '') problems.add('baseURL', 'holds a user name or password: remove it');
  if (url.search !== '' || url.hash !== '') problems.add('baseURL', 'holds a query or a fragment: remove it');
  return url.origin + url.pathname.replace(/\/+$/, '');
}
