import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../src/node/encode.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writePhotos } from './fovea.ts';

// Each test starts the command several times.
vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
const quick = ['--model', 'linear', '--size', '16', '--epochs', '1', '--json'];

/** 16x16 colour noise by class, `first` … `last` - 1, as `DATA/CLASS/N.png`. */
async function writeNoise(data: string, classes: readonly string[], first: number, last: number): Promise<void> {
  for (const [label, name] of classes.entries()) {
    mkdirSync(join(folder, data, name), { recursive: true });
    for (let i = first; i < last; i++) {
      const pixels = Uint8Array.from(
        { length: 768 },
        (_, p) => Math.imul(p + 1, 2654435 + 7919 * (97 * label + i)) >>> 9,
      );
      const picture = { width: 16, height: 16, channels: 3 as const, data: pixels };
      writeFileSync(join(folder, data, name, `${i}.png`), await encodePng(picture));
    }
  }
}

type Entry = { origin: string; part: string };
const entriesOf = (file: string): Entry[] => JSON.parse(readFileSync(join(folder, file), 'utf8')).pictures;

describe('a recorded split', () => {
  it('is trained by, cited and tested by, and every look is counted', async () => {
    await writeNoise('noise', ['a', 'b'], 0, 20);
    const split = await fovea(folder, ['data', 'split', 'noise', '--out', 's.json', '--json']);
    expect(split.code).toBe(0);
    expect(split.json).toMatchObject({
      images: { train: 28, val: 6, test: 6, out: 0 },
      classes: [
        { class: 'a', train: 14, val: 3, test: 3 },
        { class: 'b', train: 14, val: 3, test: 3 },
      ],
      leaks: [],
    });
    const trained = await fovea(folder, ['train', 'noise', '--split', 's.json', '--out', 'one', ...quick]);
    expect(trained.stderr).toContain(`Split ${split.json.hash.slice(0, 19)}…`);
    expect(trained.json.split).toBe(split.json.hash);
    const { data } = JSON.parse(readFileSync(join(folder, 'one', 'run.json'), 'utf8'));
    expect(data).toMatchObject({ images: { train: 28, val: 6, test: 6 }, split: { hash: split.json.hash } });

    const first = await fovea(folder, ['test', 'one', '--json']);
    expect(first.json).toMatchObject({ images: 6, split: split.json.hash, look: { number: 1, test: split.json.hash } });
    expect(first.json.look.at).toMatch(/^\d{4}-\d\d-\d\dT/);
    const second = await fovea(folder, ['test', 'one']);
    expect(second.stdout).toMatch(/Look number 2 at these test pictures \(\d{4}-\d\d-\d\d\)/);
    // Another run on the same test pictures.
    await fovea(folder, ['train', 'noise', '--split', 's.json', '--out', 'two', '--seed', '2', ...quick]);
    expect((await fovea(folder, ['test', 'two', '--json'])).json.look.number).toBe(3);
    expect(
      readFileSync(join(folder, 'one', 'looks.jsonl'), 'utf8')
        .trimEnd()
        .split('\n'),
    ).toHaveLength(2);
    expect(readFileSync(join(folder, 'looks.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  it('keeps every place when pictures are added, and refuses to be another', async () => {
    const before = entriesOf('s.json');
    cpSync(join(folder, 's.json'), join(folder, 'old.json'));
    await writeNoise('noise', ['a', 'b'], 20, 33);
    const grown = await fovea(folder, ['data', 'split', 'noise', '--out', 's.json', '--json']);
    expect(grown.json).toMatchObject({ earlier: { kept: 40, added: 26, gone: 0 }, images: { val: 10, test: 10 } });
    const after = new Map(entriesOf('s.json').map(({ origin, part }) => [origin, part]));
    expect(before.filter(({ origin, part }) => after.get(origin) !== part)).toEqual([]);

    const other = await fovea(folder, ['data', 'split', 'noise', '--out', 's.json', '--seed', '9']);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain("Expected 1, as in the split that is there, for option 'seed' but received 9");
    // The run was trained by what is not there any more.
    const tested = await fovea(folder, ['test', 'one']);
    expect(tested.code).toBe(1);
    expect(tested.stderr).toContain('is not the one that the run was trained by');
    const resumed = await fovea(folder, ['train', '--resume', 'one', '--epochs', '2']);
    expect(resumed.stderr).toContain('is not the one that the run was trained by');
    cpSync(join(folder, 'old.json'), join(folder, 's.json'));
    const again = await fovea(folder, ['train', '--resume', 'one', '--epochs', '2', '--json']);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('Left out 26 pictures that the split does not know');
  });

  it('is refused when its pictures were moved by hand', async () => {
    const text = readFileSync(join(folder, 's.json'), 'utf8');
    writeFileSync(join(folder, 'forged.json'), text.replace('"part":"test"', '"part":"train"'));
    const { code, stderr } = await fovea(folder, ['train', 'noise', '--split', 'forged.json', ...quick]);
    expect(code).toBe(1);
    expect(stderr).toContain("The split 'forged.json' was changed since it was written");
  });

  it('keeps groups named by a pattern whole', async () => {
    const split = await fovea(folder, [
      'data',
      'split',
      'noise',
      '--group',
      '(\\d)\\.png',
      '--out',
      'g.json',
      '--json',
    ]);
    expect(split.json.groups).toBe(10);
    const partsOf = new Map<string, Set<string>>();
    for (const { origin, part } of entriesOf('g.json')) {
      const [, digit] = /(\d)\.png/.exec(origin)!;
      partsOf.set(digit, (partsOf.get(digit) ?? new Set()).add(part));
    }
    expect([...partsOf.values()].map(({ size }) => size)).toEqual(new Array(10).fill(1));
    const none = await fovea(folder, ['data', 'split', 'noise', '--group', 'patient', '--out', 'h.json']);
    expect(none.stderr).toContain("Expected a pattern that fits some pictures for option 'group'");
  });
});

describe('pictures on both sides of the split that data came with', () => {
  it('are listed and left out of the training, or kept when asked', async () => {
    await writePhotos(join(folder, 'leaky'));
    const [name] = entriesOfFolder('leaky/test');
    cpSync(join(folder, 'leaky/test', name, '12.png'), join(folder, 'leaky/train', name, 'copy.png'));
    const trained = await fovea(folder, ['train', 'leaky', '--out', 'gated', ...quick]);
    const leak = { kind: 'exact', origin: `train/${name}/copy.png`, copy: `test/${name}/12.png`, copyPart: 'test' };
    expect(trained.json.leaks).toEqual([{ ...leak, part: 'train' }]);
    expect(trained.stderr.replace(/\s+/g, ' ')).toContain('Leak: 1 picture has a copy in a part that judges them');
    const counts = (run: string) => JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')).data;
    expect(counts('gated')).toMatchObject({ images: { train: 33, val: 3 }, leaks: { count: 1, kept: false } });
    await fovea(folder, ['train', 'leaky', '--keep-leaks', '--out', 'kept', ...quick]);
    const kept = counts('kept');
    expect(kept.images.train + kept.images.val).toBe(37);
    // Going on leaves the same pictures out.
    expect((await fovea(folder, ['train', '--resume', 'gated', '--epochs', '2', '--json'])).code).toBe(0);

    const split = await fovea(folder, ['data', 'split', 'leaky', '--out', 'leaky.json', '--json']);
    expect(split.json.leaks).toMatchObject([leak]);
    expect(split.json.images).toMatchObject({ test: 9, out: 1 });
    expect(split.stdout).not.toContain('undefined');
    const bold = await fovea(folder, ['data', 'split', 'leaky', '--test', '0.3', '--out', 'x.json']);
    expect(bold.stderr).toContain('The data have a test part of their own');
  });

  it('training never depends on the test pictures', async () => {
    await writePhotos(join(folder, 'honest'));
    const [first, second] = entriesOfFolder('honest/test');
    const weights = async (): Promise<string> => {
      const { json, code } = await fovea(folder, ['train', 'honest', ...quick]);
      expect(code).toBe(0);
      return json.weights;
    };
    const before = await weights();
    await writeNoise('honest/test', [first, second], 12, 15);
    expect(await weights()).toBe(before);
  });
});

describe('imbalance', () => {
  it('is met by class weights and balanced sampling, which the recipe keeps and the seed decides', async () => {
    await writeNoise('uneven', ['many'], 0, 40);
    await writeNoise('uneven', ['few', 'some'], 0, 10);
    writeFileSync(join(folder, 'weights.json'), '{"few": 3}');
    const train = async (...options: string[]) => {
      const out = `uneven-${options.join('').replace(/\W/g, '')}-${Math.random()}`;
      const { json } = await fovea(folder, ['train', 'uneven', ...options, '--out', out, ...quick]);
      return { weights: json.weights, recipe: JSON.parse(readFileSync(join(folder, out, 'run.json'), 'utf8')).recipe };
    };
    const plain = await train();
    const balanced = await train('--class-weights', 'balanced');
    expect(balanced.recipe.loss.classWeights).toEqual([2, 0.5, 2].map((weight) => expect.closeTo(weight, 12)));
    expect((await train('--class-weights', 'weights.json')).recipe.loss.classWeights).toEqual([3, 1, 1]);
    const sampled = await train('--sampling', 'balanced');
    expect(sampled.recipe.sampling).toBe('balanced');
    expect((await train('--sampling', 'balanced')).weights).toBe(sampled.weights);
    expect(new Set([plain, balanced, sampled].map(({ weights }) => weights)).size).toBe(3);
    const wrong = await fovea(folder, ['train', 'uneven', '--class-weights', 'none.json', ...quick]);
    expect(wrong.stderr).toContain("'none.json'");
    writeFileSync(join(folder, 'weights.json'), '{"fev": 3}');
    const typo = await fovea(folder, ['train', 'uneven', '--class-weights', 'weights.json', ...quick]);
    expect(typo.stderr).toContain("Did you mean 'few'?");
  });
});

const entriesOfFolder = (name: string): string[] => readdirSync(join(folder, name)).sort();
