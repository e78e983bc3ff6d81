import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { readLifetime } from '../../lib/auth/access-token.claims.js';
import { AccessToken } from '../../lib/auth/access-token.js';
import { jwt } from '../support/didomi-stub.js';

const NOW = 1_800_000_000_000;
const SECONDS = NOW / 1_000;
const HOUR = 3_600_000;

describe('the lifetime of an access token', () => {
  it.each([
    ['exp - iat', { iat: SECONDS, exp: SECONDS + 60 }, 60_000],
    ['exp - iat of a server clock 10 minutes fast', { iat: SECONDS + 600, exp: SECONDS + 660 }, 60_000],
    ['exp - iat of a server clock a day slow', { iat: SECONDS - 86_400, exp: SECONDS - 86_400 + 7_200 }, 7_200_000],
    ['exp - iat with fractions', { iat: SECONDS + 0.5, exp: SECONDS + 2.5 }, 2_000],
    ['exp alone', { exp: SECONDS + 900 }, 900_000],
    ['exp beside a garbage iat', { iat: 'yesterday', exp: SECONDS + 900 }, 900_000],
    ['exp - iat of fractions that floating point does not hold', { iat: SECONDS + 0.033, exp: SECONDS + 2.033 }, 2_000],
    ['never less than two seconds', { iat: SECONDS, exp: SECONDS + 1 }, 2_000],
    ['30 days', { iat: SECONDS, exp: SECONDS + 2_592_000 }, 2_592_000_000],
  ])('is %s', (_title, claims, lifetimeMs) => {
    expect(readLifetime(jwt(claims), NOW)).toEqual({ lifetimeMs, isAssumed: false });
  });

  it.each([
    ['no claims', jwt({ sub: '1234567890' })],
    ['iat alone', jwt({ iat: SECONDS })],
    ['exp as text', jwt({ exp: String(SECONDS + 60) })],
    ['exp in milliseconds', jwt({ iat: NOW, exp: NOW + HOUR })],
    ['exp of null', jwt({ exp: null, iat: SECONDS })],
    ['a negative exp', jwt({ exp: -5 })],
    ['exp before iat', jwt({ iat: SECONDS, exp: SECONDS - 60 })],
    ['a lifetime of a millisecond', jwt({ iat: SECONDS, exp: SECONDS + 0.001 })],
    ['a lifetime just below a second', jwt({ iat: SECONDS, exp: SECONDS + 0.999 })],
    ['exp alone, half a second ahead of a fast local clock', jwt({ exp: SECONDS + 0.5 })],
    ['exp equal to iat', jwt({ iat: SECONDS, exp: SECONDS })],
    ['exp alone and in the past, as a fast clock of ours sees it', jwt({ exp: SECONDS - 60 })],
    ['a payload that is a list', 'e30.W10.x'],
    ['a payload of null', 'e30.bnVsbA.x'],
    ['a payload of a number', 'e30.NDI.x'],
    ['a payload that is not UTF-8', 'e30._____w.x'],
    ['no payload', '..'],
    [
      'two parts',
      jwt({ iat: SECONDS, exp: SECONDS + 60 })
        .split('.')
        .slice(0, 2)
        .join('.'),
    ],
    ['the five parts of an encrypted JWT', `${jwt({ iat: SECONDS, exp: SECONDS + 60 })}.x.y`],
    ['a payload that is not JSON', 'e30.bm9wZQ.x'],
    ['text that is no JWT', 'opaque-access-token'],
    [
      "the example of Didomi's own page",
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiYWRtaW4iOnRydWV9.TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ',
    ],
  ])('is taken to be the documented hour with %s', (_title, accessToken) => {
    expect(readLifetime(accessToken, NOW)).toEqual({ lifetimeMs: HOUR, isAssumed: true });
  });
});

describe('the windows of an access token', () => {
  const defaults = { windowMs: undefined, leewayMs: undefined, share: 0 };

  it.each([
    ['2 s', 2_000, 33],
    ['60 s', 60_000, 1_000],
    ['1 h', HOUR, 60_000],
    ['30 days', 30 * 24 * HOUR, 60_000],
  ])('scale with a lifetime of %s', (_title, lifetimeMs, leewayMs) => {
    const accessToken = new AccessToken('x', NOW, lifetimeMs, defaults);
    expect(accessToken.refreshAt - NOW).toBe(lifetimeMs / 2);
    expect(Math.floor(accessToken.expiresAt - accessToken.unusableAt)).toBe(leewayMs);
    expect(accessToken.expiresAt).toBe(NOW + lifetimeMs);
  });

  it('spread replicas by up to a tenth of the refresh window', () => {
    const { refreshAt } = new AccessToken('x', NOW, HOUR, { ...defaults, share: 1 });
    expect(refreshAt - NOW).toBe(HOUR / 2 + HOUR / 20);
  });

  it('can be set in milliseconds', () => {
    const accessToken = new AccessToken('x', NOW, HOUR, { windowMs: 600_000, leewayMs: 5_000, share: 1 });
    expect(accessToken.refreshAt).toBe(NOW + HOUR - 600_000);
    expect(accessToken.unusableAt).toBe(NOW + HOUR - 5_000);
  });

  it('never cover a whole lifetime, so that no access token is born due', () => {
    const accessToken = new AccessToken('x', NOW, 2_000, { windowMs: 600_000, leewayMs: 60_000, share: 0 });
    expect(accessToken.isDue(NOW)).toBe(false);
    expect(accessToken.isUsable(NOW + 1_000)).toBe(true);
    expect(accessToken.isDue(NOW + 667)).toBe(true);
  });
});

it('an access token cannot be printed', () => {
  const accessToken = new AccessToken('canary', NOW, HOUR, { windowMs: undefined, leewayMs: undefined, share: 0 });
  const prints = [
    inspect(accessToken, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(accessToken),
    Object.prototype.toString.call(accessToken),
    JSON.stringify(structuredClone(accessToken)),
  ];
  expect(prints.join()).not.toContain('canary');
});
