import { describe, expect, it } from '@jest/globals';
import { AccessTokenCipher } from '../../lib/auth/store/access-token.cipher.js';
import { readStored, writeStored } from '../../lib/auth/store/stored-access-token.js';

const STORED = { accessToken: 'abc.def.ghi', issuedAt: 1_000, expiresAt: 2_000 };

describe('a stored access token', () => {
  it('is read as it was written', () => {
    expect(readStored(writeStored(STORED))).toEqual(STORED);
  });

  it('may have more fields, of a later version', () => {
    expect(readStored(JSON.stringify({ ...STORED, scope: 'all' }))).toEqual(STORED);
  });

  it.each([
    '',
    'null',
    '[]',
    '"text"',
    '{"accessToken"',
    JSON.stringify({ ...STORED, accessToken: undefined }),
    JSON.stringify({ ...STORED, accessToken: 'abc\r\nX-Injected: 1' }),
    JSON.stringify({ ...STORED, accessToken: '' }),
    JSON.stringify({ ...STORED, issuedAt: '1000' }),
    JSON.stringify({ ...STORED, expiresAt: null }),
    JSON.stringify({ ...STORED, expiresAt: 1_000 }),
    '{"accessToken":"abc","issuedAt":1,"expiresAt":1e999}',
  ])('is nothing if it is %j', (text) => {
    expect(readStored(text)).toBeUndefined();
  });
});

describe('the cipher', () => {
  const credentials = { apiKey: 'key', apiSecret: 'secret' };
  const cipher = new AccessTokenCipher('https://api.didomi.io/v1', credentials);

  it('opens what a replica with the same credentials has sealed, and seals differently each time', () => {
    const other = new AccessTokenCipher('https://api.didomi.io/v1', { ...credentials });
    expect(other.open(cipher.seal('text'))).toBe('text');
    expect(other.storeKey).toBe(cipher.storeKey);
    expect(cipher.seal('text')).not.toBe(cipher.seal('text'));
  });

  it.each([
    ['another API secret', 'https://api.didomi.io/v1', { ...credentials, apiSecret: 'other' }],
    ['another API key', 'https://api.didomi.io/v1', { ...credentials, apiKey: 'other' }],
    ['another base URL', 'https://api.didomi.io/v2', credentials],
  ])('opens nothing of %s', (_title, baseURL, others) => {
    expect(new AccessTokenCipher(baseURL, others).open(cipher.seal('text'))).toBeUndefined();
  });

  it('keeps the same store key when only the API secret changes, so that the old entry is replaced', () => {
    const rotated = new AccessTokenCipher('https://api.didomi.io/v1', { ...credentials, apiSecret: 'other' });
    expect(rotated.storeKey).toBe(cipher.storeKey);
  });

  it('tells base URL and API key apart wherever they meet', () => {
    const keys = [
      new AccessTokenCipher('https://a', { ...credentials, apiKey: 'bc' }),
      new AccessTokenCipher('https://ab', { ...credentials, apiKey: 'c' }),
    ].map(({ storeKey }) => storeKey);
    expect(new Set(keys).size).toBe(2);
  });
});
