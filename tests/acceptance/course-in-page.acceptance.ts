/** The whole course as a learner meets it: every experiment and every exercise through the page, on both hosts. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { transformWithOxc } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lessons } from '../../src/core/workbench/course/index.ts';
import { serveStudio } from '../../src/server/index.ts';
import { type Found, launchChromium } from '../browser/chromium.ts';
import { answerInPage, runExperiments } from '../browser/course-page.ts';
import { startServer } from '../browser/server.ts';
import { openNodeHost } from '../studio/node-host.ts';
import { serveFolder } from '../studio/serve-folder.ts';

const named = lessons.map((lesson) => [lesson.id, lesson] as const);
const hashes = new Map<string, Record<string, string>>();

/** A page, and what it complained of. */
interface Opened {
  readonly page: Page;
  readonly complaints: string[];
  close(): Promise<void>;
}

async function openAt(address: string, closeHost: () => Promise<void>): Promise<Opened> {
  const chromium = await launchChromium();
  const page = await chromium.browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(address);
  return {
    page,
    complaints,
    async close() {
      await chromium.close();
      await closeHost();
    },
  };
}

async function openServed(): Promise<Opened> {
  const host = await openNodeHost();
  const server = await serveStudio(host.studio, { port: 0, app: new URL('../../dist/studio/', import.meta.url) });
  return openAt(server.address, async () => {
    await server.close();
    await host.close();
  });
}

/** The page alone, from a host of files. */
async function openSite(): Promise<Opened> {
  const site = await serveFolder(fileURLToPath(new URL('../../dist/studio', import.meta.url)));
  return openAt(`${site.base}/index.html`, site.close);
}

describe.each([
  ['served by Node', openServed],
  ['in the page alone', openSite],
] as const)('the course, %s', (host, open) => {
  let studio: Opened;
  beforeAll(async () => {
    studio = await open();
  });
  afterAll(() => studio?.close());

  it.each(named)('lesson %s: every experiment runs, with the same bits on both hosts', async (id, lesson) => {
    const begin = performance.now();
    const found = await runExperiments(studio.page, lesson);
    console.log(
      `${host}, ${id}: ${Object.keys(found).length} experiments, ${Math.round(performance.now() - begin)} ms`,
    );
    expect(found).toEqual(hashes.get(id) ?? found);
    hashes.set(id, found);
  });

  it.each(named)('lesson %s: the exercise knows right from wrong', async (_, lesson) => {
    const { solution, mistakes } = lesson.exercise;
    expect(await answerInPage(studio.page, lesson, solution)).toMatch(/^Right\. /);
    for (const { answer, hint } of mistakes) {
      const verdict = await answerInPage(studio.page, lesson, answer);
      expect(verdict).toMatch(/^Not yet\. /);
      expect(verdict).toContain(hint.replaceAll(/[*`]/g, ''));
    }
  });

  it('complained of nothing', () => expect(studio.complaints).toEqual([]));
});

describe('programs of the lessons in a page', () => {
  let chromium: Found;
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    chromium = await launchChromium();
    server = await startServer();
  });
  afterAll(async () => {
    await chromium?.close();
    await server?.close();
  });

  /** Files, PNG and the process are Node's; a program that needs them runs in course.acceptance.ts. */
  const fits = (code: string): boolean => {
    const [, names = ''] = code.match(/import \{([^}]*)\} from 'fovea\/node'/) ?? [];
    return (
      !/from 'node:|\bprocess\./.test(code) &&
      names.split(',').every((name) => ['createEngine', 'openData', ''].includes(name.trim()))
    );
  };
  it.each(named.filter(([, { code }]) => fits(code)))('lesson %s', async (id, { code }) => {
    const page = await chromium.browser.newPage();
    const printed: string[] = [];
    page.on('console', (message) => message.type() === 'log' && printed.push(message.text()));
    await page.goto(server.page('isolated'));
    const at = (path: string): string => new URL(path, server.page('isolated')).href;
    const { code: script } = await transformWithOxc(code, `${id}.ts`, { sourcemap: false });
    const whole = script
      .replaceAll(/from (["'])fovea\1/g, `from '${at('dist/core/index.js')}'`)
      .replaceAll(/from (["'])fovea\/node\1/g, `from '${at('tests/browser/page/lesson-node.js')}'`);
    await page.evaluate(
      `import(URL.createObjectURL(new Blob([${JSON.stringify(whole)}], { type: 'text/javascript' })))`,
    );
    console.log(`${id}: ${printed.join(' | ').slice(0, 200)}`);
    expect(printed.length).toBeGreaterThan(0);
    await page.close();
  });

  it('is nearly all of them', () =>
    expect(named.filter(([, { code }]) => fits(code)).length).toBeGreaterThanOrEqual(10));
});
