import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../test/support/tls-certificate.ts', import.meta.url), 'utf8');

/** Key and self-signed certificate of the tests. */
export const [KEY, CERTIFICATE] = text.match(/-----BEGIN[^`]+/g);
