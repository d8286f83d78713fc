/** `fovea serve`: what a client sends and gets, what it may not, and what becomes of requests when things change or fail. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { createWasmEngine } from '../../src/core/backend/wasm.ts';
import type { Classifier } from '../../src/core/classifier/classifier.ts';
import { classify } from '../../src/core/classifier/classify.ts';
import type { Adapters } from '../../src/core/workbench/adapters.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { createEngine, threadedHost } from '../../src/node/engine.ts';
import type { Serving } from '../../src/server/serving/serve.ts';
import { temporaryFolder } from '../test-data.ts';
import { ask, asPng, digitPictures, modelFile, post, serveHere, writeModel } from './setup.ts';

const folder = temporaryFolder();
const file = modelFile(folder);
const path = '/v1/models/digits.v1:classify';
const pictures = digitPictures(24);
let classifier: Classifier;
let pngs: Uint8Array[];
let expected: { class: string; probability: number }[][];

beforeAll(async () => {
  classifier = await writeModel(file);
  pngs = await asPng(pictures);
  const engine = await createEngine({ inline: true });
  expected = await classify(engine, classifier, pictures);
  await engine.dispose();
});

describe('a server', () => {
  let serving: Serving & { readonly notes: string[] };
  let address: string;
  beforeAll(async () => {
    serving = await serveHere({ models: [file], limits: { images: 8, bytes: 100_000 } });
    ({ address } = serving);
  });
  afterAll(() => serving.close());

  it('answers bytes of a picture as the library does', async () => {
    const { status, json } = await ask(address, `${path}?top=10`, post(pngs[0], 'image/png'));
    expect(status).toBe(200);
    expect(json).toMatchObject({ model: 'digits.v1', version: 1, top: expected[0] });
    expect(json.predictions).toEqual([{ name: 'the picture', top: expected[0] }]);
    expect((await ask(address, path, post(pngs[1], 'application/octet-stream'))).json.top).toEqual(
      expected[1].slice(0, 3),
    );
  });

  it('answers many at once with the very same numbers', async () => {
    const all = await Promise.all(pngs.map((png) => ask(address, `${path}?top=10`, post(png, 'image/png'))));
    expect(all.map(({ json }) => json.top)).toEqual(expected);
  });

  it('shows where the answer was found, for those who ask', async () => {
    const { json } = await ask(address, `${path}?heatmap=true&top=1`, post(pngs[0], 'image/png'));
    expect(json.heatmap).toMatchObject({ type: 'image/png', class: expected[0][0].class });
    const { data, info } = await sharp(Buffer.from(json.heatmap.data, 'base64'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([4 * 28, 4 * 28]);
    expect(new Set(data).size).toBeGreaterThan(20);
    const plain = await ask(address, `${path}?heatmap=false`, post(pngs[0], 'image/png'));
    expect(plain.json.heatmap).toBeUndefined();
    expect((await ask(address, `${path}?heatmap=maybe`, post(pngs[0], 'image/png'))).status).toBe(400);
  });

  it('takes forms, with several pictures, and says which could not be read', async () => {
    const form = new FormData();
    form.append('a', new Blob([pngs[2]], { type: 'image/png' }), 'two.png');
    form.append('note', 'no picture');
    form.append('a', new Blob(['<svg onload=alert(1)>']), '<b>.png');
    const { status, json } = await ask(address, `${path}?top=1`, post(form));
    expect(status).toBe(200);
    expect(json.predictions[0]).toEqual({ name: 'two.png', top: expected[2].slice(0, 1) });
    expect(json.predictions[1]).toMatchObject({ name: '<b>.png', error: expect.stringContaining('picture') });
    expect(json.top).toBeUndefined();
  });

  it('takes JSON with base64, also as data URIs', async () => {
    const [one, two] = pngs.map((png) => Buffer.from(png).toString('base64'));
    const single = await ask(address, path, post(JSON.stringify({ image: one }), 'application/json'));
    expect(single.json.top).toEqual(expected[0].slice(0, 3));
    const images = [{ name: 'first', data: one }, `data:image/png;base64,${two}`];
    const several = await ask(address, `${path}?top=1`, post(JSON.stringify({ images }), 'application/json'));
    expect(several.json.predictions).toEqual([
      { name: 'first', top: expected[0].slice(0, 1) },
      { name: 'picture 2', top: expected[1].slice(0, 1) },
    ]);
  });

  const form = (n: number): FormData => {
    const made = new FormData();
    for (let i = 0; i < n; i++) made.append('a', new Blob([pngs[0]]), `${i}.png`);
    return made;
  };
  it.each([
    ['no picture', 400, () => post('hello', 'image/png')],
    ['an empty picture', 400, () => post('', 'image/png')],
    ['half a picture', 400, () => post(pngs[0].subarray(0, 150), 'image/png')],
    ['no content type that is taken', 415, () => post('hello', 'text/plain')],
    ['broken JSON', 400, () => post('{"image":', 'application/json')],
    ['other JSON', 400, () => post('{"picture":"x"}', 'application/json')],
    ['no base64', 400, () => post('{"image":"***"}', 'application/json')],
    ['a prototype', 400, () => post('{"__proto__":{"image":"AAAA"}}', 'application/json')],
    ['an empty form', 400, () => post(new FormData())],
    [
      'a form that breaks off',
      400,
      () =>
        post('--x\r\ncontent-disposition: form-data; name=a; filename=b\r\n\r\nxy', 'multipart/form-data; boundary=x'),
    ],
    ['a form without its boundary', 400, () => post('x', 'multipart/form-data')],
    ['too many pictures', 413, () => post(form(9))],
    ['too many in JSON', 413, () => post(JSON.stringify({ images: Array(9).fill('AAAA') }), 'application/json')],
    ['too many bytes', 413, () => post(new Uint8Array(100_001), 'image/png')],
    [
      'too many bytes in a form',
      413,
      () =>
        post(
          (() => {
            const made = new FormData();
            made.append('a', new Blob([new Uint8Array(99_900)]), 'a.png');
            made.append('a', new Blob([new Uint8Array(99_900)]), 'b.png');
            return made;
          })(),
        ),
    ],
  ] as const)('refuses %s with %i and one sentence', async (_, status, request) => {
    const told = await ask(address, path, request());
    expect(told.status).toBe(status);
    expect(told.json.error.message).toMatch(/^(Expected .* but received|This server)/);
    expect(told.json.error.message.length).toBeLessThan(500);
  });

  it.each([
    ['GET', '/nope', 404],
    ['GET', '/v1/models/digits.v1:classify', 405],
    ['DELETE', '/v1/models/digits.v1', 405],
    ['PUT', '/v1/models', 405],
    ['POST', '/v1/models/other:classify', 404],
    ['POST', '/v1/models/digits.v1:fly', 404],
    ['GET', '/v1/models/..%2f..%2fetc%2fpasswd', 404],
    ['GET', '/page/..%2fapp.js', 404],
    ['GET', '/v1/models/%E0%A4%A', 400],
    ['POST', `${path}?top=0`, 400],
    ['POST', `${path}?top=many`, 400],
  ])('refuses %s %s with %i', async (method, at, status) => {
    const init = method === 'POST' ? post(pngs[0], 'image/png') : { method };
    const told = await ask(address, at, init);
    expect(told.status).toBe(status);
    expect(told.json.error.message).toMatch(/^Expected /);
  });

  it('refuses names that are not of this machine, and other sites', async () => {
    const { request } = await import('node:http');
    const status = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(address);
        request({ hostname, port, path: '/v1/models', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await status({ host: 'rebound.example' })).toBe(403);
    expect(await status({ host: 'localhost:1', 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status({ host: 'localhost:1', 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  it('describes itself', async () => {
    expect((await ask(address, '/v1/models')).json.models).toEqual([
      {
        name: 'digits.v1',
        version: 1,
        engine: 'fovea',
        classes: classifier.classNames,
        input: { height: 28, width: 28, channels: 1 },
      },
    ]);
    const { json } = await ask(address, '/openapi.json');
    expect(json.openapi).toBe('3.1.0');
    expect(await new Validator().validate(json)).toEqual({ valid: true });
    // Every path that is described is there: no 404 of the router.
    for (const [one, methods] of Object.entries(json.paths as Record<string, object>)) {
      for (const method of Object.keys(methods)) {
        const { version } = (await ask(address, '/v1/models/digits.v1')).json;
        const at = one.replace('{name}', 'digits.v1').replace('{version}', version);
        const { status } = await ask(address, at, method === 'post' ? post('{}', 'application/json') : {});
        expect([at, status]).not.toEqual([at, 404]);
      }
    }
    for (const at of ['/health/live', '/health/ready', '/v2/health/live', '/v2/health/ready']) {
      expect((await ask(address, at)).status).toBe(200);
    }
    const metrics = (await ask(address, '/metrics')).json as string;
    expect(metrics).toMatch(/fovea_requests_total\{route="\/v1\/models\/:name\/classify",status="200"\} \d+/);
    expect(metrics).toMatch(/fovea_batch_pictures_sum\{model="digits.v1"\} \d+/);
  });

  it('speaks KServe version 2', async () => {
    const { json } = await ask(address, '/v2/models/digits.v1');
    const [version] = json.versions;
    expect(json.inputs).toEqual([{ name: 'image', datatype: 'UINT8', shape: [-1, 28, 28, 1] }]);
    const input = { name: 'image', datatype: 'UINT8', shape: [2, 28, 28, 1] };
    const infer = (given: object) =>
      ask(
        address,
        '/v2/models/digits.v1/infer',
        post(JSON.stringify({ id: '7', inputs: [given] }), 'application/json'),
      );
    const data = [...pictures[0].data, ...pictures[1].data];
    const told = await infer({ ...input, data });
    expect(told.json).toMatchObject({ model_name: 'digits.v1', id: '7' });
    const [probabilities, classes] = told.json.outputs;
    expect(probabilities.shape).toEqual([2, 10]);
    expect(classes.data).toEqual([expected[0][0].class, expected[1][0].class]);
    expect(Math.max(...probabilities.data.slice(0, 10))).toBe(expected[0][0].probability);
    for (const wrong of [
      { ...input, data: data.slice(1) },
      { ...input, data: data.map(() => 256) },
      { ...input, data: data.map(() => '1') },
      { ...input, shape: [2, 28, 28], data },
      { ...input, shape: [2, 28, 27, 1], data },
      { ...input, datatype: 'FP32', data },
    ]) {
      expect((await infer(wrong)).status).toBe(400);
    }
    expect((await infer({ ...input, shape: [9, 28, 28, 1], data })).status).toBe(413);
    const body = { inputs: [{ ...input, data }], outputs: [{ name: 'class' }] };
    const some = await ask(
      address,
      `/v2/models/digits.v1/versions/${version}/infer`,
      post(JSON.stringify(body), 'application/json'),
    );
    expect(some.json.outputs).toEqual([classes]);
    expect((await ask(address, `/v2/models/digits.v1/versions/${version}/ready`)).json).toEqual({
      name: 'digits.v1',
      ready: true,
    });
    expect((await ask(address, '/v2/')).json.name).toBe('fovea');
    // Its errors are a sentence.
    expect((await ask(address, '/v2/models/digits.v1', { method: 'PUT' })).json).toEqual({
      error: 'Expected GET for the path /v2/models/{name} but received PUT',
    });
    for (const at of ['digits.v1/versions/999', 'none', 'digits.v1/none']) {
      const { status, json } = await ask(address, `/v2/models/${at}`);
      expect(status).toBe(404);
      expect(json).toEqual({ error: expect.stringMatching(/^Expected /) });
    }
  });
});

type Run = Awaited<ReturnType<Engine['compile']>>['run'];

/** As on the command line, but that programs run as is said. */
const engineWhose = (change: (run: Run) => Run): Adapters => ({
  ...nodeAdapters,
  async createEngine(options) {
    const engine = await nodeAdapters.createEngine(options);
    const compile: Engine['compile'] = async (...given) => {
      const program = await engine.compile(...given);
      return Object.assign(Object.create(program), { run: change((...inputs) => program.run(...inputs)) });
    };
    return Object.assign(Object.create(engine) as Engine, { compile });
  },
});

it('asks for a key where keys are given, but not for its health', async () => {
  const keys = join(folder, 'keys.txt');
  writeFileSync(keys, 'a-key-of-twenty-chars\n');
  const serving = await serveHere({ models: [file], keys });
  const status = async (at: string, headers: Record<string, string> = {}): Promise<number> =>
    (await ask(serving.address, at, { headers })).status;
  expect(await status('/v1/models')).toBe(401);
  expect(await status('/metrics', { 'x-api-key': 'another-key-of-twenty' })).toBe(401);
  expect(await status('/v1/models', { authorization: 'Bearer a-key-of-twenty-chars' })).toBe(200);
  expect(await status('/health/ready')).toBe(200);
  const refused = await ask(serving.address, path, post(pngs[0], 'image/png'));
  expect(refused.status).toBe(401);
  expect(JSON.stringify(refused.json)).not.toContain('a-key-of');
  await serving.close();
});

it('refuses at once what it has no room for, and loses nothing that it took', async () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const adapters = engineWhose((run) => async (...given) => {
    await opened;
    return run(...given);
  });
  const serving = await serveHere({ models: [file], limits: { queue: 4 }, maxBatch: 2 }, adapters);
  let refusals = 0;
  const told = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const one = await ask(serving.address, path, post(pngs[i % pngs.length], 'image/png'));
      // What was taken is computed when all others have their answer.
      if (one.status === 429 && ++refusals === 56) open();
      return one;
    }),
  );
  const [taken, refused] = [200, 429].map((wanted) => told.filter(({ status }) => status === wanted));
  expect([taken.length, refused.length]).toEqual([4, 56]);
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect((await ask(serving.address, path, post(pngs[0], 'image/png'))).status).toBe(200);
  await serving.close();
});

it('reads a model again without losing a request, and keeps the old one where the new is broken', async () => {
  const changing = modelFile(folder, 'changing');
  copyFileSync(file, changing);
  const serving = await serveHere({ models: [changing], watch: 50 });
  const at = '/v1/models/changing:classify?top=1';
  const seen = new Set<string>();
  let asking = true;
  const clients = Array.from({ length: 4 }, async (_, i) => {
    while (asking) {
      const { status, json } = await ask(serving.address, at, post(pngs[i], 'image/png'));
      expect(status).toBe(200);
      seen.add(json.top[0].class);
    }
  });
  const until = async (done: () => boolean): Promise<void> => {
    for (let i = 0; i < 400 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
    expect(done()).toBe(true);
  };
  await new Promise((resolve) => setTimeout(resolve, 200));
  await writeModel(
    changing,
    Array.from({ length: 10 }, (_, i) => `new ${i}`),
  );
  await until(() => [...seen].some((name) => name.startsWith('new')));
  writeFileSync(changing, 'half a file');
  await until(() => serving.notes.some((text) => text.includes('stays as it was')));
  asking = false;
  await Promise.all(clients);
  expect((await ask(serving.address, at, post(pngs[0], 'image/png'))).json.top[0].class).toMatch(/^new/);
  expect((await ask(serving.address, '/v1/models/changing:reload', { method: 'POST' })).status).toBe(400);
  await serving.close();
});

it('answers what it took before it ends, and takes nothing more', async () => {
  const serving = await serveHere({ models: [file] });
  const asked = pngs.map((png) => ask(serving.address, path, post(png, 'image/png')));
  // Once the first is answered, all are in the house or on their way there.
  await asked[0];
  const closed = serving.close();
  const told = await Promise.allSettled(asked);
  await closed;
  for (const one of told) {
    if (one.status === 'fulfilled') expect([200, 503]).toContain(one.value.status);
  }
  expect(told.filter((one) => one.status === 'fulfilled').length).toBeGreaterThan(0);
  await expect(ask(serving.address, '/health/live')).rejects.toThrow();
});

it('puts a new engine in the place of one that died, and answers', async () => {
  const engines: Engine[] = [];
  const adapters = {
    ...nodeAdapters,
    async createEngine(options: { readonly threads?: number }) {
      const engine = await nodeAdapters.createEngine({ ...options, threads: 2 });
      engines.push(engine);
      return engine;
    },
  };
  const serving = await serveHere({ models: [file] }, adapters);
  await engines[0].dispose();
  const told = await Promise.all(pngs.map((png) => ask(serving.address, `${path}?top=10`, post(png, 'image/png'))));
  expect(told.map(({ json }) => json.top)).toEqual(expected);
  expect(engines).toHaveLength(2);
  expect(serving.notes[0]).toContain("The engine of 'digits.v1' is started anew");
  await serving.close();
});

it('answers what was being computed when a thread was killed', async () => {
  let killed = 0;
  const startWorker: typeof threadedHost.startWorker = async (start) => {
    const worker = await threadedHost.startWorker!(start);
    return {
      ...worker,
      async run(...given) {
        if (start.thread === 1 && killed === 0) {
          killed++;
          await worker.terminate();
        }
        return worker.run(...given);
      },
    };
  };
  const adapters: Adapters = {
    ...nodeAdapters,
    createEngine: () => createWasmEngine({ ...threadedHost, startWorker }, { threads: 2, inlineWork: 0 }),
  };
  const serving = await serveHere({ models: [file] }, adapters);
  const told = await Promise.all(pngs.map((png) => ask(serving.address, `${path}?top=10`, post(png, 'image/png'))));
  expect(killed).toBe(1);
  expect(told.map(({ json }) => json.top)).toEqual(expected);
  expect(serving.notes[0]).toMatch(/'digits\.v1' is started anew: .*thread died/);
  await serving.close();
});

it('says 503 in time where the engine never answers', async () => {
  const adapters = engineWhose(() => () => new Promise(() => undefined));
  const serving = await serveHere({ models: [file], limits: { timeout: 300 } }, adapters);
  const begin = performance.now();
  const told = await Promise.all(pngs.slice(0, 3).map((png) => ask(serving.address, path, post(png, 'image/png'))));
  expect(told.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(performance.now() - begin).toBeLessThan(5000);
});

it.each([
  ['a file that is not there', { models: ['nowhere.safetensors'] }, 'nowhere'],
  ['two models of one name', { models: [file, file] }, 'models of different names'],
  ['a key file without keys', { models: [file], keys: file }, 'characters'],
  ['a host that is none of this machine', { models: [file], host: '203.0.113.7' }, "option 'host'"],
])('says what is wrong with %s', async (_, options, message) => {
  await expect(serveHere(options)).rejects.toThrow(message);
});
