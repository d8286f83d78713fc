import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readClassifier } from '../../src/core/classifier/file.ts';
import { readWeights } from '../../src/core/classifier/read-weights.ts';
import { readSafetensors, writeSafetensors } from '../../src/core/formats/safetensors.ts';
import { fetchWeights } from '../../src/node/fetch-weights.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writeBars, writePhotos } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = temporaryFolder();
const read = (...path: string[]): Buffer => readFileSync(join(folder, ...path));
const runJson = (run: string) => JSON.parse(read(run, 'run.json').toString());

beforeAll(async () => {
  writeBars(join(folder, 'bars'));
  await writePhotos(join(folder, 'photos'), 8);
  const { code, stderr } = await fovea(folder, [
    ...['train', 'photos', '--model', 'vgg6-bn', '--epochs', '2', '--out', 'source', '--seed', '3'],
  ]);
  expect(code, stderr).toBe(0);
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
const cwd = process.cwd();
afterAll(() => process.chdir(cwd));

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url as string);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('fovea train --weights', () => {
  it('begins with a run: its model, its normalisation, a new head for other classes; frozen layers stay', async () => {
    const { code, json, stderr } = await fovea(folder, [
      ...['train', 'bars', '--weights', 'source', '--freeze', 'trunk', '--epochs', '1', '--out', 'head', '--json'],
    ]);
    expect(code, stderr).toBe(0);
    const source = readClassifier(read('source', 'best.safetensors'), 'source');
    const { recipe, preprocessing, weights } = runJson('head');
    expect(json.startWeights).toEqual(weights);
    expect(weights.newHead).toEqual(['classifier.weight', 'classifier.bias']);
    expect([weights.missing, weights.otherShape, weights.unused]).toEqual([[], [], []]);
    expect(weights.matched.length).toBe(source.weights.size - 2);
    // The size of the new pictures, with the channels of the old.
    expect(recipe.model.input).toEqual([12, 12, 3]);
    expect(recipe.stages).toEqual([{ epoch: 1, frozen: 'features.18' }]);
    expect(recipe.weights).toEqual({
      source: join(folder, 'source', 'best.safetensors'),
      hash: `sha256:${createHash('sha256').update(read('source', 'best.safetensors')).digest('hex')}`,
      newHead: 'classifier',
    });
    expect({ mean: preprocessing.mean, std: preprocessing.std }).toEqual({
      mean: source.preprocessing.mean,
      std: source.preprocessing.std,
    });
    const trained = readClassifier(read('head', 'best.safetensors'), 'head');
    for (const name of weights.matched) {
      expect(trained.weights.get(name)?.data, name).toEqual(source.weights.get(name)?.data);
    }
    const tested = await fovea(folder, ['test', 'head', '--json']);
    expect(tested.json.images).toBe(30);
  });

  it('tells in the terminal what was taken, what learns, and when', async () => {
    const { stdout, code } = await fovea(folder, [
      ...['train', 'photos', '--weights', 'source', '--freeze', 'features.9', '--unfreeze-at', '2', '--epochs', '2'],
      ...['--lr-factor', 'trunk=0.1', '--new-head', '--augment-copies', '2', '--out', 'staged'],
    ]);
    expect(code).toBe(0);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toMatch(
      /Weights of 'source\/best.safetensors': \d+ of the model's \d+ tensors are taken from there\./,
    );
    expect(text).toContain("The head 'classifier' is new, for 3 classes.");
    expect(text).toContain("Stages: layers up to 'features.9' are frozen; from epoch 2 on all layers learn.");
    expect(text).toContain('Learning rates: trunk x 0.1.');
    expect(text).toMatch(/From epoch 1 on [\d,]+ parameters learn, and 10 layers do not; what they make .* once\./);
    expect(text).toMatch(/From epoch 2 on all layers learn: [\d,]+ parameters\./);
  });

  it('goes on after a kill across a change of stage as if it had never stopped', async () => {
    const args = ['train', 'photos', '--weights', 'source', '--freeze', 'trunk', '--unfreeze-at', '3', '--batch', '4'];
    const whole = await fovea(folder, [...args, '--epochs', '4', '--out', 'whole', '--json']);
    let killed = false;
    await fovea(folder, [...args, '--epochs', '4', '--out', 'killed', '--json'], (text, kill) => {
      if (killed || !/\n +2\/4 /.test(text)) return;
      killed = true;
      kill('SIGKILL');
    });
    expect(killed).toBe(true);
    const further = await fovea(folder, ['train', '--resume', 'killed', '--json']);
    expect(further.code, further.stderr).toBe(0);
    expect(further.json.weights).toBe(whole.json.weights);
    expect(further.json.startWeights).toEqual(whole.json.startWeights);
  });

  it('goes on from its weights when it was killed before the first checkpoint, and only from those', async () => {
    writeFileSync(join(folder, 'copy.safetensors'), read('source', 'best.safetensors'));
    const args = ['train', 'photos', '--weights', 'copy.safetensors', '--epochs', '1', '--json'];
    const whole = await fovea(folder, [...args, '--out', 'fresh']);
    mkdirSync(join(folder, 'begun'));
    writeFileSync(join(folder, 'begun', 'run.json'), JSON.stringify({ ...runJson('fresh'), epochsDone: 0 }));
    const again = await fovea(folder, ['train', '--resume', 'begun', '--json']);
    expect(again.json.weights).toBe(whole.json.weights);
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other', 'run.json'), JSON.stringify({ ...runJson('fresh'), epochsDone: 0 }));
    writeFileSync(join(folder, 'copy.safetensors'), read('source', 'last.state.safetensors'));
    const refused = await fovea(folder, ['train', '--resume', 'other', '--json']);
    expect(refused.code).toBe(1);
  });

  it('takes bare tensors with --model, and says what it does not know', async () => {
    const { tensors } = readSafetensors(read('source', 'best.safetensors'), 'source');
    writeFileSync(join(folder, 'bare.safetensors'), writeSafetensors(tensors));
    const without = await fovea(folder, ['train', 'photos', '--weights', 'bare.safetensors']);
    expect(without.code).toBe(1);
    expect(without.stderr).toMatch(/weights that say which model they are of for 'bare.safetensors'.*--model/s);
    const { code, stdout } = await fovea(folder, [
      ...['train', 'photos', '--weights', 'bare.safetensors', '--model', 'vgg6-bn', '--epochs', '1', '--out', 'bare'],
    ]);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('is not known: yours are by their own mean and deviation');
  });

  const refusals: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['nothing of that name', ['--weights', 'nowhere'], 1, /hf:OWNER\/NAME.*'nowhere', which is not there/],
    ['a layer that is not there', ['--weights', 'source', '--freeze', 'featurse'], 1, /Did you mean .features.0/],
    ['freezing all', ['--weights', 'source', '--freeze', 'classifier'], 1, /Nothing would be left to learn/],
    ['unfreezing what is not frozen', ['--weights', 'source', '--unfreeze-at', '2'], 1, /--freeze trunk/],
    ['an epoch that never comes', ['--freeze', 'trunk', '--unfreeze-at', '9', '--epochs', '3'], 1, /epoch from 2 to 3/],
    ['stages out of order', ['--freeze', 'trunk', '--unfreeze-at', '3,2'], 1, /an epoch after 3/],
    ['a factor of 0', ['--lr-factor', 'trunk=0'], 2, /above 0/],
    ['a factor of nothing', ['--lr-factor', 'trunk'], 2, /LAYER=FACTOR/],
    ['another model', ['--weights', 'source', '--model', 'resnet20'], 1, /No name fits this model/],
    ['copies of what is not frozen', ['--augment-copies', '2'], 1, /--freeze trunk/],
  ];
  it.each(refusals)('refuses %s', async (_, args, expected, message) => {
    const { code, stderr } = await fovea(folder, ['train', 'photos', ...args]);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(message);
    expect(code).toBe(expected);
    expect(stderr).not.toMatch(/\n\s+at |bug in Fovea/);
  });
});

describe('fovea model convert', () => {
  it('tells the line, which takes any name as it is', async () => {
    const { code, json, stdout } = await fovea(folder, ['model', 'convert', "a 'b.pth", '--json']);
    expect(code).toBe(0);
    expect(json.output).toBe("a 'b.safetensors");
    expect(json.command).toMatch(/^python3 -c "import sys, torch; .*weights_only=True.*" 'a '\\''b\.pth' /);
    expect(stdout).not.toContain('at ');
  });

  it('is named by train where a pickle is given, whatever it is called', async () => {
    writeFileSync(join(folder, 'model.pth'), 'anything');
    writeFileSync(join(folder, 'zipped.safetensors'), Buffer.from('504b0304ffff', 'hex'));
    for (const file of ['model.pth', 'zipped.safetensors']) {
      const { code, stderr } = await fovea(folder, ['train', 'photos', '--weights', file]);
      expect(code).toBe(1);
      expect(stderr.replace(/\s+/g, ' ')).toMatch(
        /pickled: opening it could run any program\. npx fovea model convert/,
      );
    }
  });
});

describe('weights from Hugging Face, on this machine', () => {
  const config = JSON.stringify({
    architecture: 'resnet18',
    pretrained_cfg: { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4] },
  });
  const hub = (weights: Uint8Array, etag = createHash('sha256').update(weights).digest('hex')) =>
    serve((request, response) => {
      if (request.url?.endsWith('/config.json')) return void response.end(config);
      if (!request.url?.endsWith('/timm/resnet18.test/resolve/main/model.safetensors'))
        return void response.writeHead(404).end();
      response.setHeader('x-linked-etag', `"${etag}"`);
      response.end(weights);
    });

  it('are fetched once, compared with the checksum that the hub tells, and found again without a connection', async () => {
    process.chdir(temporaryFolder());
    const weights = writeSafetensors(new Map([['fc.bias', { shape: [2], data: Float32Array.of(1, 2) }]]));
    const { base, asked } = await hub(weights);
    const first = await fetchWeights('hf:timm/resnet18.test', { mirrors: [base] });
    expect(first).toEqual({ path: join('models', 'hf', 'timm', 'resnet18.test', 'model.safetensors'), config });
    expect(asked.length).toBe(2);
    expect(await fetchWeights('hf:timm/resnet18.test', { mirrors: ['http://127.0.0.1:9'] })).toEqual(first);
    const opened = await readWeights(readFileSync(first.path), 'w');
    expect([...opened.tensors.keys()]).toEqual(['fc.bias']);
    writeFileSync(first.path, 'damaged');
    await expect(fetchWeights('hf:timm/resnet18.test', { mirrors: [base] })).rejects.toThrow(/damaged one/);
  });

  it('are refused where the checksum differs, and named where they are not there', async () => {
    process.chdir(temporaryFolder());
    const { base } = await hub(new Uint8Array(9), '0'.repeat(64));
    await expect(fetchWeights('hf:timm/resnet18.test', { mirrors: [base] })).rejects.toThrow(/exchanged file/);
    await expect(fetchWeights('hf:timm/resnet34.test', { mirrors: [base] })).rejects.toThrow(/404 \(not there\)/);
    await expect(fetchWeights('hf:timm/../x', { mirrors: [base] })).rejects.toThrow(/hf:OWNER\/NAME/);
  });

  it('say by a table which model they are of, and which are not read', async () => {
    const args = ['train', 'photos', '--epochs', '1', '--weights'];
    const { code, stderr } = await fovea(folder, [...args, 'hf:timm/efficientnet_b0.ra_in1k']);
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/weights of resnet18, resnet34, resnet50 .* names otherwise/);
  });
});
