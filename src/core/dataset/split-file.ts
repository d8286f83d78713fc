import { z } from 'zod';
import { FoveaError, invalid } from '../errors.ts';
import { type DataSource, type Dataset, type Part, parts, subset } from './dataset.ts';
import { originOf } from './leak-gate.ts';
import { joinPixels } from './pixels.ts';

const pictureSchema = z.object({
  /** As the data name it. */
  origin: z.string(),
  /** Of its decoded pixels. */
  hash: z.string().regex(/^[0-9a-f]{16,64}$/, 'hex digits'),
  class: z.string(),
  /** `out`: left out, since `copy` in a stricter part is the same picture. */
  part: z.enum([...parts, 'out']),
  group: z.string().optional(),
  copy: z.string().optional(),
});

const splitSchema = z.object({
  format: z.literal('fovea-split'),
  version: z.literal(1),
  /** `sha256:` and the hash of what decides who sees which picture; see `hashSplit`. */
  hash: z.string(),
  /** What opens the data. */
  data: z.string(),
  seed: z.int().min(0).max(4294967295),
  shares: z.object({ val: z.number().min(0).lt(1), test: z.number().min(0).lt(1) }),
  pictures: z.array(pictureSchema),
});

export type SplitEntry = z.infer<typeof pictureSchema>;

/** A recorded split. See docs/split-file.md. */
export type SplitFile = z.infer<typeof splitSchema>;

/** `sha256:` and the SHA-256 of the pictures as JSON, in the order of their origins; where the data lie is no part of it. */
export async function hashSplit(pictures: readonly SplitEntry[]): Promise<string> {
  const lines = inOrder(pictures).map(({ origin, hash, class: name, part }) =>
    JSON.stringify([origin, hash, name, part]),
  );
  const bytes = new TextEncoder().encode(`fovea-split-1\n${lines.join('\n')}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha256:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

const inOrder = (pictures: readonly SplitEntry[]): SplitEntry[] =>
  [...pictures].sort((a, b) => (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : 0));

/** Completes a split with its hash. */
export async function createSplitFile(
  content: Pick<SplitFile, 'data' | 'seed' | 'shares' | 'pictures'>,
): Promise<SplitFile> {
  const pictures = inOrder(content.pictures);
  return { format: 'fovea-split', version: 1, hash: await hashSplit(pictures), ...content, pictures };
}

/** JSON with a line for each picture, so that two versions can be compared line by line. */
export function formatSplitFile({ pictures, ...head }: SplitFile): string {
  const lines = pictures.map((picture) => `    ${JSON.stringify(picture)}`);
  return `${JSON.stringify(head, null, 2).replace(/\n}$/, '')},\n  "pictures": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** @throws FoveaError when it is no split, or was changed since it was written. */
export async function parseSplitFile(text: string, file: string): Promise<SplitFile> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('a split as fovea data split writes it', `file '${file}'`, 'no JSON');
  }
  const result = splitSchema.safeParse(value);
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    const place = path.length > 0 ? ` ('${path.map(String).join('.')}': ${message})` : '';
    throw invalid('a split as fovea data split writes it', `file '${file}'`, `another content${place}`);
  }
  const split = result.data;
  const actual = await hashSplit(split.pictures);
  if (actual !== split.hash) {
    throw new FoveaError(
      `The split '${file}' was changed since it was written: its pictures do not give its hash ${split.hash.slice(0, 19)}…`,
      'Fetch the original, or make a new one with fovea data split',
    );
  }
  return split;
}

export interface AppliedSplit {
  readonly source: DataSource;
  readonly notes: readonly string[];
}

/**
 * The same pictures in the parts that the split gives them, each part in the order of the data. Pictures that the split
 * does not know are left out; those that it knows and the data lack are told, as is who got another class since: a person
 * relabels and merges, and that moves no picture to another part.
 * @throws FoveaError when none is left to train on, or most have another class: then it was made for other data.
 */
export function applySplit(source: DataSource, split: SplitFile, file: string): AppliedSplit {
  const entries = new Map(split.pictures.map((entry) => [entry.origin, entry]));
  const there = parts.filter((part) => source[part] !== undefined);
  const sets = there.map((part) => source[part] as Dataset);
  const chosen = new Map<Part, number[][]>(parts.map((part) => [part, sets.map(() => [])]));
  let unknown = 0;
  let firstUnknown = '';
  let [known, others] = [0, 0];
  let firstOther = '';
  sets.forEach((dataset, set) => {
    for (let i = 0; i < dataset.count; i++) {
      const origin = originOf(dataset, there[set], i);
      const entry = entries.get(origin);
      if (!entry) {
        if (unknown++ === 0) firstUnknown = origin;
        continue;
      }
      entries.delete(origin);
      const name = dataset.classNames[dataset.labels[i]];
      known++;
      if (entry.class !== name && others++ === 0)
        firstOther = `'${origin}' was of class '${entry.class}' when '${file}' was written and is of class '${name}' now`;
      if (entry.part !== 'out') chosen.get(entry.part)![set].push(i);
    }
  });
  if (2 * others > known) {
    throw new FoveaError(
      `Picture ${firstOther}, and so it is with ${others} of ${known} pictures. Does it belong to these data?`,
      `Split anew: fovea data split DATA --out ${file}`,
    );
  }
  const notes: string[] = [];
  if (others > 0) {
    const [have, their] = others === 1 ? ['picture has', 'its'] : ['pictures have', 'their'];
    notes.push(`${others} ${have} another class than when the split was written; ${their} part stays.`);
  }
  if (unknown > 0) {
    notes.push(
      `Left out ${unknown} pictures that the split does not know, such as '${firstUnknown}'; give them a place with fovea data split DATA --out ${file}.`,
    );
  }
  // Data opened for one part only lack the others by intent.
  const missing = [...entries.values()].filter(({ part }) => part !== 'out').length;
  if (missing > 0) notes.push(`${missing} pictures of the split are not in the data.`);
  const datasets: Partial<Record<Part, Dataset>> = {};
  for (const part of parts) {
    const indices = chosen.get(part)!;
    if (indices.every((list) => list.length === 0)) continue;
    // Written down, since a picture's number in its part is another one now.
    const origins = indices.flatMap((list, set) => list.map((i) => originOf(sets[set], there[set], i)));
    datasets[part] = { ...gather(sets, indices, `${source.name}/${part}`), origins };
  }
  if (!datasets.train) {
    throw invalid(
      'training pictures',
      `the split '${file}' of '${source.name}'`,
      'none',
      'Does it belong to these data?',
    );
  }
  const { train: _, val: __, test: ___, ...rest } = source;
  return { source: { ...rest, ...datasets }, notes };
}

/** Pictures of several data sets of one size in one. */
function gather(sets: readonly Dataset[], indices: readonly (readonly number[])[], name: string): Dataset {
  const used = sets.flatMap((dataset, set) => (indices[set].length > 0 ? [subset(dataset, indices[set], name)] : []));
  if (used.length === 1) return used[0];
  return {
    ...used[0],
    count: used.reduce((sum, one) => sum + one.count, 0),
    pixels: joinPixels(used.map(({ pixels }) => pixels)),
    labels: Int32Array.from(used.flatMap((one) => [...one.labels])),
    groups: used.flatMap(({ groups, count }) => groups ?? new Array<undefined>(count).fill(undefined)),
  };
}
