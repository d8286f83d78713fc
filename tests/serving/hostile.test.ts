/** Hard pictures and damaged requests: each gets a status that fits, and the server is there afterwards. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { Serving } from '../../src/server/serving/serve.ts';
import { describeWithData, temporaryFolder, unpack } from '../test-data.ts';
import { type Answered, damage, rightStatuses, sampleRequests, send } from './hostile-requests.ts';
import { ask, asPng, digitPictures, modelFile, post, serveHere, writeModel } from './setup.ts';

const folder = temporaryFolder();
const path = '/v1/models/digits.v1:classify';
let serving: Serving & { readonly notes: string[] };
let png: Uint8Array;

beforeAll(async () => {
  await writeModel(modelFile(folder));
  [png] = await asPng(digitPictures(1));
  serving = await serveHere({ models: [modelFile(folder)], limits: { timeout: 2000 } });
});
afterAll(async () => {
  // No fault of ours came up, whatever was sent.
  expect(serving.notes).toEqual([]);
  await serving.close();
});

it('answers 400 damaged requests, each with a status that fits', async () => {
  const port = Number(new URL(serving.address).port);
  const random = new RandomStream(20, 'sample');
  const requests = sampleRequests(path, png);
  for (const whole of requests) expect([200, 400, 404]).toContain(await send(port, whole));
  const counts = new Map<Answered, number>();
  for (let done = 0; done < 400; done += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(port, damage(requests, random))));
    for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  const wrong = [...counts.keys()].filter((answer) => !rightStatuses.includes(answer));
  expect(wrong).toEqual([]);
  expect(counts.get(400)).toBeGreaterThan(0);
  expect((await ask(serving.address, path, post(png, 'image/png'))).status).toBe(200);
});

interface Entry {
  readonly path: string;
  readonly path_hex?: string;
  readonly action: 'accept' | 'accept_or_skip' | 'skip' | 'ignore' | 'error' | 'accept_or_error';
}

describeWithData('nasty', 'hard pictures', (data) => {
  const { entries } = JSON.parse(readFileSync(join(data, 'manifest.json'), 'utf8')) as { entries: Entry[] };

  it('are answered with 200 where they can be read, and with 400 or 413 where not', async () => {
    const root = unpack(join(data, 'nasty.tar.gz'), temporaryFolder());
    const pictures = entries.filter(({ path: one, path_hex, action }) => {
      if (path_hex || action === 'ignore' || /^(layouts|idx|names)\//.test(one)) return false;
      return statSync(join(root, one), { throwIfNoEntry: false })?.isFile() === true;
    });
    expect(pictures.length).toBeGreaterThan(80);
    const wrong: string[] = [];
    for (const { path: one, action } of pictures) {
      const { status } = await ask(
        serving.address,
        path,
        post(readFileSync(join(root, one)), 'application/octet-stream'),
      );
      const read = status === 200;
      const refused = status === 400 || status === 413;
      const fits = action === 'accept' ? read : action === 'skip' || action === 'error' ? refused : read || refused;
      if (!fits) wrong.push(`${one}: ${action}, ${status}`);
    }
    expect(wrong).toEqual([]);
    expect((await ask(serving.address, '/health/live')).status).toBe(200);
  });
});
