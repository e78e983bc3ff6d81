import type { InternalAxiosRequestConfig } from 'axios';
import { readParams } from '../query/query-params.js';
import { requestFacts } from '../request/request-facts.js';

const CONSENTS = /^(?:\/v1)?\/consents(?:\/|$)/;
const USERS = /^(?:\/v1)?\/consents\/users(?:\/|$)/;
const FULL_TREE = '$include_full_tree';

/**
 * Whether a request counts against the organization's rate limit. Source: "Rate limiting" of Didomi's documentation, which
 * exempts `/consents/*` but for reading users with their full tree.
 */
export function isRateLimited(config: InternalAxiosRequestConfig): boolean {
  const { url = '' } = config;
  // Nearly every request that counts is told apart without taking its URL to pieces.
  if (!url.includes('consents')) return true;
  const { method, path } = requestFacts(config);
  if (!CONSENTS.test(path)) return true;
  return method === 'GET' && USERS.test(path) && wantsFullTree(config.params, url);
}

function wantsFullTree(params: unknown, url: string): boolean {
  if (/[?&](?:\$|%24)include_full_tree=true/i.test(url)) return true;
  const given = readParams(params);
  return String(given instanceof URLSearchParams ? given.get(FULL_TREE) : given[FULL_TREE]) === 'true';
}
