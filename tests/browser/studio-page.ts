import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { StudioClient } from '../../src/core/workbench/studio/client.ts';
import { serveStudio } from '../../src/server/index.ts';
import { openNodeHost } from '../studio/node-host.ts';
import { serveFolder } from '../studio/serve-folder.ts';
import { type Found, launchChromium } from './chromium.ts';

/** The built page over a real server, in a real browser. */
export interface ServedStudioPage extends StudioPage {
  /** The same studio, asked without the page. */
  readonly client: StudioClient;
}

/** The built page in a real browser. */
export interface StudioPage {
  readonly page: Page;
  /** What the page complained of: errors, refused styles, failed requests. */
  readonly complaints: string[];
  /** Requests that went anywhere but to the studio. */
  readonly elsewhere: string[];
  readonly hostedInPage: boolean;
  /** Shows a place and waits for what it must have. */
  go(hash: string, selector: string): Promise<void>;
  close(): Promise<void>;
}

const app = new URL('../../dist/studio/', import.meta.url);

/** The studio behind a server of its own. @param given data that its person named. */
export async function openStudioPage(given: readonly string[] = []): Promise<ServedStudioPage> {
  const chromium: Found = await launchChromium();
  const opened = await openInNode(chromium.browser, given);
  const close = async (): Promise<void> => {
    await chromium.close();
    await opened.close();
  };
  return { ...opened, close };
}

/** The same in a browser that others use, too. */
export async function openInNode(browser: Browser, given: readonly string[] = []): Promise<ServedStudioPage> {
  const host = await openNodeHost(undefined, given);
  const server = await serveStudio(host.studio, { port: 0, app });
  const opened = await openAt(browser, server.address, false);
  const close = async (): Promise<void> => {
    await opened.close();
    await server.close();
    await host.close();
  };
  return { ...opened, client: host.client, close };
}

/** The studio in the page itself, from a host of files alone. */
export async function openInPage(browser: Browser): Promise<StudioPage> {
  const site = await serveFolder(fileURLToPath(app));
  const opened = await openAt(browser, `${site.base}/index.html`, true);
  const close = async (): Promise<void> => {
    await opened.close();
    await site.close();
  };
  return { ...opened, close };
}

/** Asked of a host of files, to find out that there is no studio behind it. */
const isProbe = (address: string): boolean => address.endsWith('/api/ask/studio.about');

async function openAt(browser: Browser, address: string, hostedInPage: boolean): Promise<StudioPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on('console', (message) => {
    if (isProbe(message.location().url)) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !['localhost', '127.0.0.1'].includes(hostname)) elsewhere.push(request.url());
  });
  await page.goto(address);
  return {
    page,
    hostedInPage,
    complaints,
    elsewhere,
    async go(hash, selector) {
      await page.evaluate((place) => {
        window.location.hash = place;
      }, hash);
      await page.waitForSelector(selector, { timeout: 30_000 });
    },
    close: () => context.close(),
  };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** @param only rules; default all of WCAG 2.2 A and AA. */
export async function expectAccessible(page: Page, place: string, only?: readonly string[]): Promise<void> {
  await page.evaluate(axe);
  const runOnly = only ? { type: 'rule', values: only } : { type: 'tag', values: levels };
  const violations = await page.evaluate(async (what) => {
    const { axe: checker } = window as unknown as {
      axe: {
        run(
          options: unknown,
        ): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
      };
    };
    const found = await checker.run({ runOnly: what });
    return found.violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .slice(0, 3)
          .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ''}`)
          .join(' | ')}`,
    );
  }, runOnly);
  expect(violations, place).toEqual([]);
}

/** What is read once it stays as it is: what a page was told of before may show a moment after its buttons. */
export async function settled<T>(read: () => Promise<T>): Promise<T> {
  for (let before = await read(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const now = await read();
    if (now === before) return now;
    before = now;
  }
}
