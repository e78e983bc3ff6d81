import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';

const PAGE_FOLDER = fileURLToPath(new URL('./public', import.meta.url));
const CHARTS_FOLDER = dirname(createRequire(import.meta.url).resolve('uplot'));

/** Nothing is loaded from elsewhere, and no other page may frame this one. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; connect-src 'self'; img-src 'self'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Serves the files of the status page: ours at `/`, and the library for its charts. */
export function serveStatusPage(app: NestExpressApplication): void {
  const setHeaders = (response: { setHeader(name: string, value: string): unknown }) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  };
  app.useStaticAssets(PAGE_FOLDER, { setHeaders });
  app.useStaticAssets(CHARTS_FOLDER, { prefix: '/charts/', setHeaders });
}
