/**
 * The engine in a real Chromium, from the files that the build made, as they are. `CHROME_PATH` chooses the browser;
 * FOVEA_NO_BROWSER=1 leaves these tests out.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/node/engine.ts';
import { pinned, type TrainedSteps, trainedSpecs, trainSteps } from '../train-steps.ts';
import { type Found, launchChromium } from './chromium.ts';
import type { Outcome, Task } from './page/task.ts';
import { type SiteName, startServer } from './server.ts';

const left = process.env.FOVEA_NO_BROWSER === '1';
if (left) console.warn('The browser is left out of the tests: FOVEA_NO_BROWSER=1');

const bits: Record<string, string> = JSON.parse(
  readFileSync(new URL('../contract/bits.json', import.meta.url), 'utf8'),
);
const mixed: Task = { spec: 'a bit of everything', ...pinned };

describe.skipIf(left)('in Chromium', () => {
  let chromium: Found;
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    chromium = await launchChromium();
    console.log(`Browser: Chromium ${chromium.browser.version()}, ${chromium.origin}`);
    server = await startServer();
  });
  afterAll(async () => {
    await chromium?.close();
    await server?.close();
  });

  /** One page of each site: opening one takes longer than most tests. */
  const pages = new Map<SiteName, Promise<Page>>();
  async function openPage(site: SiteName): Promise<Page> {
    const page = await chromium.browser.newPage();
    await page.goto(server.page(site));
    return page;
  }
  /** Runs a script in the page of a site. */
  async function evaluate<T>(site: SiteName, script: string): Promise<T> {
    if (!pages.has(site)) pages.set(site, openPage(site));
    return (await (await pages.get(site))?.evaluate(script)) as T;
  }
  /** Calls an exported function of page/run.ts. */
  const call = <T>(site: SiteName, name: string, task?: Task): Promise<T> =>
    evaluate(site, `import('./tests/browser/page/run.js').then((run) => run.${name}(${JSON.stringify(task)}))`);
  const train = (site: SiteName, place: 'run' | 'runInWorker', task: Task) => call<Outcome>(site, place, task);

  const inNode = new Map<string, TrainedSteps>();
  const places = [
    { where: 'a page, 1 thread', site: 'isolated', place: 'run', threads: 1 },
    { where: 'a page, 2 threads', site: 'isolated', place: 'run', threads: 2 },
    { where: 'a page, 3 threads', site: 'isolated', place: 'run', threads: 3 },
    { where: 'a web worker, 2 threads', site: 'isolated', place: 'runInWorker', threads: 2 },
    { where: 'a web worker without shared memory', site: 'plain', place: 'runInWorker', threads: 1 },
  ] as const;

  describe.each(places)('$where', ({ site, place, threads }) => {
    const expected = { threads, isolated: site === 'isolated' };

    it('trains a bit of everything to the pinned bits', async () => {
      const outcome = await train(site, place, { ...mixed, threads });
      expect(outcome).toMatchObject({ ...expected, hash: bits[mixed.spec] });
    });

    it.each(['mnist-cnn', 'resnet20', 'mobile'])('trains %s to the bits of Node', async (spec) => {
      const few = { steps: 3, batch: 8 };
      if (!inNode.has(spec)) {
        inNode.set(
          spec,
          await trainSteps(await createEngine({ inline: true }), trainedSpecs[spec], few.steps, few.batch),
        );
      }
      expect(await train(site, place, { spec, ...few, threads })).toEqual({ ...inNode.get(spec), ...expected });
    });
  });

  it.each(['mnist-cnn', 'resnet20', 'mobile'])('trains %s to the pinned bits', async (spec) => {
    expect((await train('isolated', 'run', { spec, ...pinned, threads: 2 })).hash).toBe(bits[spec]);
    expect((await train('plain', 'runInWorker', { spec, ...pinned })).hash).toBe(bits[spec]);
  });

  it('takes as many threads as the browser tells of', async () => {
    const cores = await evaluate<number>('isolated', 'navigator.hardwareConcurrency');
    const outcome = await train('isolated', 'run', { ...mixed, steps: 1 });
    expect(outcome.threads).toBe(Math.min(cores, 64));
  });

  it('takes the kernels from where it is told', async () => {
    for (const kernels of ['../isolated/dist/kernels', '../isolated/dist/kernels/']) {
      await expect(train('without-kernels', 'run', { ...mixed, steps: 1, threads: 1, kernels })).resolves.toBeTruthy();
    }
  });

  it('loads all of core', async () => {
    expect(await evaluate<string[]>('plain', "import('./dist/core/index.js').then(Object.keys)")).toContain(
      'createWorkbench',
    );
  });

  describe('what goes wrong', () => {
    it('refuses the own thread of a page that is not isolated and says what to do', async () => {
      await expect(train('plain', 'run', mixed)).rejects.toThrow(
        /Expected a web worker or a cross-origin isolated page for the engine but received the own thread .* Create the engine in a web worker, or serve the page with the headers Cross-Origin-Opener-Policy/,
      );
    });

    it.each([
      ['without-kernels', 'status 404'],
      ['a-page-for-everything-unknown', 'expected magic word'],
    ] as const)('tells of kernels that are not there: %s', async (site, cause) => {
      await expect(train(site, 'run', mixed)).rejects.toThrow(
        new RegExp(
          `Expected the engine's kernels for http://.*/dist/kernels/kernels-threads.wasm but received .*${cause}.* Serve the package's folder`,
        ),
      );
    });

    it.each(['without-threads', 'without-what-threads-import'] as const)(
      'tells of threads that do not start: %s',
      async (site) => {
        for (const place of ['run', 'runInWorker'] as const) {
          await expect(train(site, place, mixed), place).rejects.toThrow(
            /Expected a web worker for thread \d+ of the engine but received .*kernel-worker\.js.* Serve this file/,
          );
        }
      },
    );

    it('tells of threads that end', async () => {
      expect(await call('isolated', 'endThreads')).toEqual([
        expect.stringContaining('unreachable'),
        expect.stringContaining('unreachable'),
        expect.stringContaining('thread 1 was terminated'),
      ]);
    });

    it('refuses a number of threads that is none, with and without shared memory', async () => {
      const message = /Expected a whole number from 1 to 64 for threads but received 0/;
      await expect(train('isolated', 'run', { ...mixed, threads: 0 })).rejects.toThrow(message);
      await expect(train('plain', 'runInWorker', { ...mixed, threads: 0 })).rejects.toThrow(message);
    });

    it('refuses an address of kernels that is none', async () => {
      await expect(train('isolated', 'run', { ...mixed, kernels: 'http://' })).rejects.toThrow(
        /Expected the address of a folder for 'kernels' but received 'http:\/\/'/,
      );
    });
  });
});
