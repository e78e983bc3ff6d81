import { describe, expect, it } from '@jest/globals';
import { AxiosHeaders } from 'axios';
import { redact, redactedHeaders } from '../../lib/http/response/redaction.js';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc/def+ghi-jkl_mno=';

const unicode = (text: string, backslash = '\\'): string =>
  Array.from(text, (character) => `${backslash}u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** Any 12 characters in a row are enough to recognise it. */
function leaks(text: string): boolean {
  const plain = text
    .replace(/\\+u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replaceAll(/\\+\//g, '/');
  return Array.from({ length: TOKEN.length - 11 }, (_, start) => TOKEN.slice(start, start + 12)).some((part) =>
    plain.includes(part),
  );
}

describe('redact()', () => {
  it.each<[string, string]>([
    ['by itself', TOKEN],
    ['in a text', `the header was: Bearer ${TOKEN}, which is expired`],
    ['twice', `${TOKEN} and ${TOKEN}`],
    ['as a JSON value', JSON.stringify({ header: `Bearer ${TOKEN}` })],
    ['as a JSON member name', JSON.stringify({ [TOKEN]: 1 })],
    ['with escaped slashes', JSON.stringify({ a: TOKEN }).replaceAll('/', '\\/')],
    ['with every character escaped', `{"a":"${unicode(TOKEN)}"}`],
    ['with capital letters in the escapes', `{"a":"${unicode(TOKEN).toUpperCase().replaceAll('U', 'u')}"}`],
    ['with one character escaped', `{"a":"${unicode(TOKEN[0]!)}${TOKEN.slice(1)}"}`],
    ['in JSON inside of JSON', JSON.stringify({ a: JSON.stringify({ b: TOKEN }).replaceAll('/', '\\/') })],
    ['escaped in JSON inside of JSON', JSON.stringify({ a: `{"b":"${unicode(TOKEN)}"}` })],
    ['escaped three times', JSON.stringify(JSON.stringify(JSON.stringify(`${unicode(TOKEN)}`)))],
    ['cut off in the middle', `{"a":"Bearer ${TOKEN.slice(0, 40)}`],
    ['cut off in the middle, behind a whole one', `{"a":"${TOKEN}","b":"${TOKEN.slice(0, 20)}`],
    ['cut off before its last character', TOKEN.slice(0, -1)],
    ['escaped and cut off between characters', `{"a":"${unicode(TOKEN.slice(0, 30))}`],
    ['escaped and cut off in an escape', `{"a":"${unicode(TOKEN.slice(0, 30)).slice(0, -3)}`],
    ['escaped and cut off behind a backslash', `{"a":"${unicode(TOKEN.slice(0, 30))}\\`],
    ['with an escaped slash, cut off', `{"a":"${TOKEN.replaceAll('/', '\\/').slice(0, -4)}`],
    ['percent-encoded', `?access_token=${encodeURIComponent(TOKEN)}&x=1`],
  ])('finds the access token %s', (_title, text) => {
    const result = redact(text, TOKEN);
    expect(result).toContain('[redacted]');
    expect(leaks(result)).toBe(false);
    // JSON that was whole stays JSON.
    expect(isJson(result)).toBe(isJson(text));
  });

  it('finds a short access token in a shorter text', () => {
    expect(redact('x token-1', 'token-1')).toBe('x [redacted]');
  });

  it('leaves everything else as it is', () => {
    const text = JSON.stringify({ message: 'a "quoted" C:\\temp \u00e9', url: 'https:\\/\\/x' });
    expect(redact(text, TOKEN)).toBe(text);
    expect(redact(`{"a":"${TOKEN.slice(0, 8)}`, TOKEN)).toBe(`{"a":"${TOKEN.slice(0, 8)}`);
    expect(redact(TOKEN, '')).toBe(TOKEN);
  });

  it.each([
    ['backslashes', '\\'],
    ['slashes', '/'],
    ['escapes', '\\u0065'],
    ['escapes that are none', '\\u006'],
    ['beginnings of the access token', TOKEN.slice(0, 20)],
    ['escaped beginnings of the access token', unicode(TOKEN.slice(0, 20))],
  ])('takes linear time for a body of nothing but %s', (_title, part) => {
    const measure = (length: number): number => {
      const text = part.repeat(Math.ceil(length / part.length));
      const startedAt = performance.now();
      redact(text, TOKEN);
      return performance.now() - startedAt;
    };
    measure(10_000);
    // Quadratic, it would take minutes.
    expect(measure(1_000_000)).toBeLessThan(5_000);
  });
});

describe('redactedHeaders()', () => {
  it.each<[string, unknown]>([
    ['a value', `Bearer ${TOKEN}`],
    ['a list of values', ['a=1', `b=${TOKEN}`]],
    ['JSON with escapes', `{"auth":"${TOKEN.replaceAll('/', '\\/')}"}`],
    ['a value that is cut off', `Bearer ${TOKEN.slice(0, -1)}`],
  ])('redacts the access token in %s', (_title, value) => {
    const headers = redactedHeaders({ 'x-echo': value, etag: '"1"' }, TOKEN);
    expect(leaks(JSON.stringify(headers))).toBe(false);
    expect(headers).toMatchObject({ etag: '"1"' });
  });

  it('gives the very same headers back when there is nothing to redact', () => {
    const headers = new AxiosHeaders({ etag: '"1"', 'set-cookie': ['a=1', 'b=2'] });
    expect(redactedHeaders(headers, TOKEN)).toBe(headers);
  });

  it('copies what it must not change', () => {
    const headers = Object.freeze(new AxiosHeaders({ 'X-Echo': TOKEN }));
    const result = redactedHeaders(headers, TOKEN);
    expect(result).toBeInstanceOf(AxiosHeaders);
    expect(result).toEqual(new AxiosHeaders({ 'X-Echo': '[redacted]' }));
    expect(headers['X-Echo']).toBe(TOKEN);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
