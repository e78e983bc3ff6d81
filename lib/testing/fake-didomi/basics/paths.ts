import type { FakeDidomiRequest } from '../types.js';

/** Didomi serves its routes with and without `/v1`. */
export function withoutVersion(path: string): string {
  return path.startsWith('/v1/') ? path.slice('/v1'.length) : path;
}

export function isTokenRequest({ method, path }: Pick<FakeDidomiRequest, 'method' | 'path'>): boolean {
  return method === 'POST' && withoutVersion(path) === '/sessions';
}
