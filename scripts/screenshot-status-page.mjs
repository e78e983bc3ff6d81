/*
 * Makes sample/status-page.png, the picture of the sample's status page in the README: starts the sample as built, lets the
 * fake of brand B fail for a while, and takes a picture after two and a half minutes. Needs `npm run build`, `npm run build:sample`
 * and Debian's Chromium.
 *
 * node scripts/screenshot-status-page.mjs [FILE] [--dark] [--width 360]
 */
import { spawn } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { freePort } from './free-port.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dark: { type: 'boolean' }, width: { type: 'string', default: '1200' } },
});
const file = positionals[0] ?? join(root, 'sample/status-page.png');
const MAX_BYTES = 150_000;

async function waitUntilServed(url) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await sleep(200);
  }
  throw new Error(`${url} does not answer`);
}

const url = `http://127.0.0.1:${await freePort()}`;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DIDOMI_')));
const sample = spawn(process.execPath, ['dist-sample/main.js'], {
  cwd: root,
  env: { ...env, PORT: new URL(url).port },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});

try {
  await waitUntilServed(url);
  const page = await browser.newPage({
    viewport: { width: Number(values.width), height: 945 },
    colorScheme: values.dark ? 'dark' : 'light',
  });
  await page.goto(url);
  const press = (brand, name) => page.getByRole('region', { name: brand }).getByRole('button', { name }).click();
  await press('Brand A', 'Steady calls');
  await press('Brand B', 'Steady calls');
  await sleep(50_000);
  await press('Brand A', 'Revoke access tokens');
  await sleep(45_000);
  await press('Brand B', 'Login down');
  await sleep(50_000);
  await page.mouse.move(0, 0);
  await page.evaluate('document.activeElement.blur()');
  await mkdir(dirname(file), { recursive: true });
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  console.log(`${file}: ${size} bytes`);
  if (size > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
} finally {
  await browser.close();
  sample.kill('SIGINT');
}
