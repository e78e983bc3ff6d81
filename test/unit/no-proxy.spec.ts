import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { environmentProxy } from '../../lib/connection/environment-proxy.js';
import { isExempt } from '../../lib/connection/no-proxy.js';
import { cleanEnvironment } from '../support/clean-environment.js';

/** A module without declarations. */
const AXIOS_READING = 'axios/unsafe/helpers/shouldBypassProxy.js';
const { default: isExemptByAxios } = (await import(AXIOS_READING)) as {
  default: (url: string) => boolean;
};

let restoreEnvironment: () => void;

beforeEach(() => {
  restoreEnvironment = cleanEnvironment();
});

afterEach(() => {
  restoreEnvironment();
});

describe('NO_PROXY', () => {
  it.each([
    ['*', 'api.didomi.io', true],
    ['api.didomi.io', 'api.didomi.io', true],
    ['API.Didomi.IO', 'api.didomi.io', true],
    ['api.didomi.io.', 'api.didomi.io', true],
    ['api.didomi.io:443', 'api.didomi.io', true],
    ['api.didomi.io:8443', 'api.didomi.io', false],
    ['.didomi.io', 'api.didomi.io', true],
    ['*.didomi.io', 'api.didomi.io', true],
    ['didomi.io', 'api.didomi.io', false],
    ['.didomi.io', 'notdidomi.io', false],
    ['example.org, api.didomi.io', 'api.didomi.io', true],
    ['example.org api.didomi.io', 'api.didomi.io', true],
    [',,', 'api.didomi.io', false],
    ['.', 'api.didomi.io', false],
    ['localhost', '127.0.0.1', true],
    ['127.0.0.0/8', '127.3.2.1', true],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.0.0.0/33', '10.1.2.3', false],
    ['10.0.0.0/', '10.1.2.3', false],
    ['10.0.0.0/8', 'api.didomi.io', false],
    ['fd00::/8', '[fd00::1]', true],
    ['[fd00::1]:443', 'fd00::1', true],
    ['[fd00:0::1]', '[fd00::1]', true],
    ['bücher.example', 'xn--bcher-kva.example', true],
  ])('%p and the host %s: %p', (noProxy, host, expected) => {
    expect(isExempt(host, 443, noProxy)).toBe(expected);
  });

  it('means the same as in Axios', () => {
    const label = fc.constantFrom('api', 'didomi', 'io', 'a', 'x-1');
    const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
    const octet = fc.constantFrom(0, 1, 10, 127);
    const ipv4 = fc.tuple(octet, octet, octet).map((octets) => `10.${octets.join('.')}`);
    const loopback = fc.constantFrom('localhost', '127.0.0.1', '127.8.9.1', '0.0.0.0');
    const ipv6 = fc.constantFrom('[::1]', '[fd00::1]', '[fd00::2:1]', '[::ffff:10.0.1.1]');
    const host = fc.oneof(name, ipv4, loopback, ipv6);
    const port = fc.constantFrom('', ':443', ':8443');
    const entry = fc.oneof(
      fc.tuple(host, port).map((parts) => parts.join('')),
      fc.tuple(fc.constantFrom('.', '*.', '*'), name, port).map((parts) => parts.join('')),
      fc.tuple(fc.oneof(ipv4, fc.constantFrom('fd00::', '[fd00::]')), fc.nat(140)).map((parts) => parts.join('/')),
      fc.constantFrom('*', '', '.', '/', 'x/y'),
    );
    const list = fc.array(entry, { maxLength: 3 }).map((entries) => entries.join(','));
    const isTheSame = fc.property(host, list, fc.constantFrom(443, 8443), (hostname, noProxy, port) => {
      process.env['NO_PROXY'] = noProxy;
      return isExempt(hostname, port, noProxy) === isExemptByAxios(`https://${hostname}:${port}/v1`);
    });
    expect(() => fc.assert(isTheSame, { numRuns: 5000 })).not.toThrow();
  });
});

describe('the proxy of the environment', () => {
  it('is HTTPS_PROXY, then ALL_PROXY, each in small letters first', () => {
    expect(environmentProxy('api.didomi.io', 443)).toBeUndefined();
    const addresses = ['ALL_PROXY', 'all_proxy', 'HTTPS_PROXY', 'https_proxy'].map((name, index) => {
      process.env[name] = `http://proxy-${index}:3128`;
      return environmentProxy('api.didomi.io', 443)?.address;
    });
    expect(addresses).toEqual(['proxy-0:3128', 'proxy-1:3128', 'proxy-2:3128', 'proxy-3:3128']);
  });

  it('is none if the variable is empty', () => {
    process.env['HTTPS_PROXY'] = '';
    expect(environmentProxy('api.didomi.io', 443)).toBeUndefined();
  });

  it.each([
    ['http://proxy', { isSecure: false, hostname: 'proxy', port: 80, address: 'proxy:80' }],
    ['https://proxy', { isSecure: true, hostname: 'proxy', port: 443, address: 'proxy:443' }],
    ['proxy:3128', { isSecure: true, hostname: 'proxy', port: 3128 }],
    ['http://[::1]:3128', { hostname: '::1', port: 3128, address: '[::1]:3128' }],
    ['http://a%40b:%C3%A9%@proxy', { authorization: `Basic ${Buffer.from('a@b:%C3%A9%').toString('base64')}` }],
    ['http://user@proxy', { authorization: `Basic ${Buffer.from('user:').toString('base64')}` }],
  ])('%s', (url, expected) => {
    process.env['HTTPS_PROXY'] = url;
    expect(environmentProxy('api.didomi.io', 443)).toMatchObject(expected);
  });
});
