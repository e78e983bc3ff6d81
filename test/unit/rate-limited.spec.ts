import { describe, expect, it } from '@jest/globals';
import type { InternalAxiosRequestConfig } from 'axios';
import { isRateLimited } from '../../lib/http/rate-limit/rate-limited.js';

const FULL_TREE = '$include_full_tree';

const isCounted = (route: string, config: Partial<InternalAxiosRequestConfig> = {}): boolean =>
  isRateLimited({ url: route, ...config } as InternalAxiosRequestConfig, route);

describe('a request counts against the rate limit', () => {
  it.each(['/properties', '/consents-archive', '/consentsusers', '/widgets/notices/configs', ''])('to %j', (route) => {
    expect(isCounted(route)).toBe(true);
  });

  it.each<[string, Partial<InternalAxiosRequestConfig>]>([
    ['as text', { params: { [FULL_TREE]: 'true' } }],
    ['as a boolean', { params: { [FULL_TREE]: true }, method: 'GET' }],
    ['in a list', { params: { [FULL_TREE]: ['true'] } }],
    ['in a list with others', { params: { [FULL_TREE]: [false, true] } }],
    ['in URLSearchParams', { params: new URLSearchParams({ [FULL_TREE]: 'true' }) }],
    ['in the URL', { url: '/consents/users?a=1&$include_full_tree=true' }],
    ['encoded in the URL', { url: '/consents/users?%24include%5Ffull%5ftree=tru%65#part' }],
    ['in the URL beside other params', { url: '/consents/users?$include_full_tree=true', params: { a: 1 } }],
  ])('that reads users with their full tree, given %s', (_title, config) => {
    expect(isCounted('/consents/users', config)).toBe(true);
    expect(isCounted('/consents/users/a%40b.io', config)).toBe(true);
  });
});

describe('a request does not count', () => {
  it.each(['/consents', '/consents/events', '/consents/users', '/consents/users/1', '/consents/tokens'])(
    'to %s',
    (route) => {
      expect(isCounted(route)).toBe(false);
    },
  );

  it.each<[string, Partial<InternalAxiosRequestConfig>]>([
    ['it writes', { method: 'post', params: { [FULL_TREE]: 'true' } }],
    ['it asks for another value', { params: { [FULL_TREE]: 'false' } }],
    ['the parameter has another name', { params: { [`x${FULL_TREE}`]: 'true' } }],
    ['the parameter is inherited', { params: Object.create({ [FULL_TREE]: 'true' }) as object }],
    ['the parameter stands in the fragment, which is not sent', { url: '/consents/users#?$include_full_tree=true' }],
    ['the parameter stands in the path', { url: '/consents/users/$include_full_tree=true' }],
  ])('to a route of users when %s', (_title, config) => {
    expect(isCounted('/consents/users', config)).toBe(false);
  });

  it('to events with a full tree, which only users have documented', () => {
    expect(isCounted('/consents/events', { params: { [FULL_TREE]: 'true' } })).toBe(false);
  });
});
