import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type INestApplication, Logger } from '@nestjs/common';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { start } from '../src/bootstrap/start.js';
import { CHROMIUM, launchBrowser } from './support/browser.js';
import { describeWith } from './support/describe-with.js';
import { LogCollector } from './support/log-collector.js';

/** The browser and the sample share a busy machine. */
const PATIENCE_MS = 20_000;
const IN_PAGE = fileURLToPath(new URL('./support/in-page.js', import.meta.url));

describeWith(CHROMIUM)('the status page in Chromium', () => {
  let browser: Browser;
  let app: INestApplication;
  let url: string;
  /** What the page asked for, and what it complained about. */
  let requests: string[];
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    Logger.overrideLogger(new LogCollector());
    requests = [];
    complaints = [];
    await startSample('0');
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await app.close();
  });

  async function startSample(port: string): Promise<void> {
    for (const name of Object.keys(process.env).filter((name) => name.startsWith('DIDOMI_'))) delete process.env[name];
    process.env['PORT'] = port;
    app = await start(process.env);
    url = await app.getUrl();
  }

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript({ path: IN_PAGE });
    const page = await context.newPage();
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    await phaseOf(brand(page, 'Brand A'), 'fresh');
    await phaseOf(brand(page, 'Brand B'), 'fresh');
    return page;
  }

  function brand(page: Page, name: string): Locator {
    return page.getByRole('region', { name });
  }

  async function phaseOf(card: Locator, phase: string): Promise<void> {
    await card.locator('[data-part=phase]', { hasText: new RegExp(`^${phase}$`) }).waitFor();
  }

  async function press(card: Locator, button: string): Promise<void> {
    await card.getByRole('button', { name: button }).click();
  }

  it('shows both clients, asks nobody but the sample, and has no complaint', async () => {
    const page = await open();
    await press(brand(page, 'Brand A'), 'Send 20 calls');
    await page.getByText('20 calls: 20 answered, 0 failed').waitFor();
    await brand(page, 'Brand A').locator('[data-part=answered]', { hasText: /^20$/ }).waitFor();

    expect(await brand(page, 'Brand B').locator('[data-part=client]').textContent()).toBe("client 'brand-b'");
    expect(await page.locator('.plot canvas').count()).toBe(6);
    expect(await page.getByRole('status').first().textContent()).toBe('Live');
    expect(requests.filter((asked) => !asked.startsWith(`${url}/`))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows a client that loses its access token while the login is down, and one that has recovered', async () => {
    const page = await open();
    const card = brand(page, 'Brand B');
    await press(card, 'Login down');
    await press(card, 'Revoke access tokens');
    await press(card, 'Send 20 calls');
    await phaseOf(card, 'backing-off');
    await card.getByText('Down', { exact: true }).waitFor();
    await card.getByText('20 calls: 0 answered, 20 failed').waitFor();
    await card.getByRole('listitem').filter({ hasText: 'Renewal failed' }).first().waitFor();
    // Announced to those who do not see it.
    expect(await card.locator('[aria-live=polite]').textContent()).toMatch(/^Brand B: backing-off, down\. /);
    expect(await brand(page, 'Brand A').locator('[data-part=phase]').textContent()).toBe('fresh');

    await press(card, 'Recover');
    await phaseOf(card, 'fresh');
    await card.getByText('Healthy', { exact: true }).waitFor();
    expect(await card.getByRole('button', { name: 'Login down' }).getAttribute('aria-pressed')).toBe('false');
    expect(complaints).toEqual([]);
  });

  it('shows that no call fails when the access tokens are revoked', async () => {
    const page = await open();
    const card = brand(page, 'Brand A');
    await press(card, 'Revoke access tokens');
    await press(card, 'Send 20 calls');
    await card.getByText('20 calls: 20 answered, 0 failed').waitFor();
    await card.locator('[data-type=rejected]', { hasText: 'Refused by Didomi' }).waitFor();
    await card.locator('[data-type=refreshed]', { hasText: 'after a 401' }).first().waitFor();
    expect(await card.locator('[data-part=failed]').textContent()).toBe('0');
    expect(Number(await card.locator('[data-part=repeated]').textContent())).toBeGreaterThan(0);
  });

  it('can be used with the keyboard alone, and shows where the focus is', async () => {
    const page = await open();
    const seen: string[] = [];
    for (let stop = 0; stop < 30; stop += 1) {
      await page.keyboard.press('Tab');
      const { name, outline } = await page.evaluate<{ name: string; outline: string }>('inPage.focus()');
      expect({ name, outline }).toEqual({ name, outline: '3px' });
      seen.push(name);
      if (name === 'API down') break;
    }
    expect(seen).toEqual([
      'API documentation',
      'Health',
      'Status as JSON',
      'Send 20 calls',
      'Steady calls',
      'Login down',
      'API down',
    ]);

    await page.keyboard.press('Space');
    const card = brand(page, 'Brand A');
    await card.getByRole('button', { name: 'API down', pressed: true }).waitFor();
    for (let back = 0; back < 3; back += 1) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await card.getByText('20 calls: 0 answered, 20 failed').waitFor();
  });

  it.each([360, 1200])('needs no horizontal scrolling at a width of %d px', async (width) => {
    const page = await open({ viewport: { width, height: 800 } });
    await press(brand(page, 'Brand B'), 'API down');
    await press(brand(page, 'Brand B'), 'Send 20 calls');
    await page.getByText('20 calls: 0 answered, 20 failed').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const cut = await page.evaluate(
      '[...document.querySelectorAll("button")].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)',
    );
    expect(cut).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has enough contrast in %s colours, whatever the state', async (colorScheme) => {
    const page = await open({ colorScheme });
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(15, 18, 23)' : 'rgb(245, 246, 248)');
    await expectContrast(page);

    const card = brand(page, 'Brand B');
    await press(card, 'Login down');
    await press(card, 'Revoke access tokens');
    await press(card, 'Send 20 calls');
    await card.getByRole('listitem').filter({ hasText: 'Renewal failed' }).first().waitFor();
    await expectContrast(page);
    for (const tone of ['warning', 'idle']) {
      await page.evaluate(`inPage.setTone('${tone}')`);
      await expectContrast(page);
    }
  });

  async function expectContrast(page: Page): Promise<void> {
    const { measured, low } = await page.evaluate<{ measured: number; low: string[] }>('inPage.lowContrasts()');
    expect(low).toEqual([]);
    expect(measured).toBeGreaterThan(50);
  }

  it('connects again by itself when the sample was restarted, and starts anew', async () => {
    const page = await open();
    await press(brand(page, 'Brand A'), 'Send 20 calls');
    await brand(page, 'Brand A').locator('[data-part=answered]', { hasText: /^20$/ }).waitFor();
    const { port } = new URL(url);
    await app.close();
    await page.getByText('Connection lost, trying again …').waitFor();

    await startSample(port);
    await page.getByText('Live', { exact: true }).waitFor();
    await brand(page, 'Brand A').locator('[data-part=answered]', { hasText: /^0$/ }).waitFor();
    expect(await page.locator('.card').count()).toBe(2);
  });

  it('keeps no more of the past than it shows', async () => {
    const page = await open();
    const kept = await page.evaluate('inPage.keepMany(10_000)');
    expect(kept).toEqual([180, 50]);
  });
});
