import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { type StudioClient, StudioError } from '../../src/core/workbench/studio/client.ts';
import { decodeFrame, encodeFrame } from '../../src/core/workbench/studio/frame.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html',
};

/**
 * Serves dist to pages. The worker is the one that the build bundled, since a page's import map does not reach workers.
 * @param isolated with the headers that give a page threads.
 */
export async function servePages(isolated: boolean): Promise<{ readonly base: string; close(): Promise<void> }> {
  const bundled = readdirSync(join(root, 'dist/studio/assets')).find((name) => /^worker-.*\.js$/.test(name));
  const headers = isolated
    ? { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }
    : {};
  const server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(new URL(url, 'http://x').pathname).slice(1);
    const send = (type: string, body: string | Buffer): void =>
      void response.writeHead(200, { ...headers, 'content-type': type }).end(body);
    if (path === 'page.html') return send('text/html', '<!doctype html><link rel="icon" href="data:">');
    if (path === 'dist/browser/page/worker.js')
      return send('text/javascript', `import '/dist/studio/assets/${bundled}';`);
    try {
      if (!path.startsWith('dist/')) throw new Error('not served');
      send(types[extname(path)] ?? 'application/octet-stream', await readFile(join(root, path)));
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const toText = (value: unknown): string => Buffer.from(encodeFrame(value)).toString('base64');
const fromText = (text: string): unknown => decodeFrame(Buffer.from(text, 'base64'));

/** In the page: a client, and frames as texts, which is what a test can send into a page. */
const script = (options: unknown): string => `(async () => {
  const { createPageClient } = await import('/dist/browser/page/page-client.js');
  const { decodeFrame, encodeFrame } = await import('/dist/core/workbench/studio/frame.js');
  const client = createPageClient(${JSON.stringify(options)});
  const toText = (value) => {
    const frame = encodeFrame(value);
    let text = '';
    for (let at = 0; at < frame.length; at += 8192) text += String.fromCharCode(...frame.subarray(at, at + 8192));
    return btoa(text);
  };
  const fromText = (text) => decodeFrame(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  const watches = new Map();
  globalThis.studio = {
    async ask(verb, request) {
      try {
        return { value: toText(await client.ask(verb, fromText(request))) };
      } catch (error) {
        return { message: error.message, mend: error.mend ?? '', name: error.name };
      }
    },
    watch: (id, job, from) => void watches.set(id, client.watch(job, (events, summary) => told(id, toText({ events, summary })), from)),
    watchAll: (id) => void watches.set(id, client.watchAll((jobs) => told(id, toText({ jobs })))),
    leave: (id) => watches.get(id)?.(),
  };
})()`;

/** A client in Node that speaks through a page. */
export async function openPageClient(
  page: Page,
  options: { readonly files?: 'IndexedDB' } = {},
): Promise<StudioClient> {
  const hears = new Map<number, (news: never) => void>();
  let count = 0;
  await page.exposeFunction('told', (id: number, text: string) => hears.get(id)?.(fromText(text) as never));
  await page.evaluate(script(options));
  const call = (name: string, ...given: unknown[]): Promise<unknown> =>
    page.evaluate(`studio.${name}(...${JSON.stringify(given)})`);
  const ask = async (verb: string, request: unknown): Promise<unknown> => {
    const answer = (await call('ask', verb, toText(request))) as { value: string } | { message: string; mend: string };
    if ('value' in answer) return fromText(answer.value);
    throw new StudioError(answer.message, answer.mend);
  };
  const watch = (hear: (news: never) => void, name: string, ...given: unknown[]): (() => void) => {
    const id = ++count;
    hears.set(id, hear);
    void call(name, id, ...given);
    return () => {
      hears.delete(id);
      void call('leave', id).catch(() => undefined);
    };
  };
  return {
    ask: ask as StudioClient['ask'],
    begin: ask as StudioClient['begin'],
    watch: (job, onEvents, from = 0) =>
      watch(
        ({ events, summary }: { events: never[]; summary: never }) => onEvents(events, summary),
        'watch',
        job,
        from,
      ),
    watchAll: (onJobs) => watch(({ jobs }: { jobs: never[] }) => onJobs(jobs), 'watchAll'),
    onReach: () => () => undefined,
    close: () => undefined,
  };
}

/** A page of a context of its own, and so with files of its own. */
export async function openPage(
  browser: Browser,
  base: string,
): Promise<{ page: Page; another(): Promise<Page>; close(): Promise<void> }> {
  const context = await browser.newContext();
  const another = async (): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`in the page: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && console.error(`in the page: ${message.text()}`));
    await page.goto(`${base}/page.html`);
    return page;
  };
  return { page: await another(), another, close: () => context.close() };
}
