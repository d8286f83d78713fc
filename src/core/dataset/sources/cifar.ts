import { mismatch } from '../../errors.ts';
import { cifarRecordBytes, cifarSide, readCifar } from '../../formats/cifar.ts';
import { quotePath } from '../../formats/quote.ts';
import { type DataSource, type Part, parts } from '../dataset.ts';
import { arraySource, type PartArrays } from './arrays.ts';
import type { Recognised, Recogniser } from './content.ts';
import { type Entry, entrySubject, type Folder, foldersBelow, readClassNames, type Tree } from './tree.ts';

interface Version {
  readonly name: string;
  readonly labelBytes: 1 | 2;
  readonly classes: number;
  readonly names: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, Part>;
}

const cifar10: Version = {
  name: 'CIFAR-10',
  labelBytes: 1,
  classes: 10,
  names: new Set(['batches.meta.txt']),
  files: new Map([
    ...[1, 2, 3, 4, 5].map((i) => [`data_batch_${i}.bin`, 'train'] as const),
    ['test_batch.bin', 'test'] as const,
  ]),
};
const cifar100: Version = {
  name: 'CIFAR-100',
  labelBytes: 2,
  classes: 100,
  names: new Set(['fine_label_names.txt']),
  files: new Map([
    ['train.bin', 'train'],
    ['test.bin', 'test'],
  ]),
};

/** CIFAR-10 and CIFAR-100 in their binary versions. */
export const cifar: Recogniser = {
  kind: 'cifar',
  async recognise(tree, { only }) {
    for (const folder of foldersBelow(tree.root)) {
      if (only !== undefined && !folder.files.some(({ path }) => path === only)) continue;
      for (const version of [cifar10, cifar100]) {
        const files = folder.files.filter(({ name }) => version.files.has(name));
        if (files.length > 0 && (version === cifar10 || (await isCifar100(folder, files))))
          return recognised(tree, folder, version, files);
      }
      const pickled = folder.files.find(({ name }) => /^(data_batch_[1-5]|test_batch|batches\.meta)$/.test(name));
      if (pickled) return refusedPickle(tree, pickled);
    }
    return undefined;
  },
};

/** `train.bin` may be anything: its size or the names beside it must agree. */
async function isCifar100(folder: Folder, files: readonly Entry[]): Promise<boolean> {
  if (folder.files.some(({ name }) => cifar100.names.has(name))) return true;
  const { size } = await files[0].open();
  return size > 0 && size % cifarRecordBytes(2) === 0;
}

function recognised(tree: Tree, folder: Folder, version: Version, files: readonly Entry[]): Recognised {
  return {
    kind: 'cifar',
    certainty: 'certain',
    why: `${version.name} in its binary version: ${files.map(({ name }) => quotePath(name)).join(', ')}.`,
    read: async () => ({ arrays: await readFolder(tree, folder, version, files) }),
  };
}

function refusedPickle(tree: Tree, entry: Entry): Recognised {
  return {
    kind: 'cifar',
    certainty: 'certain',
    why: `CIFAR in its Python version: ${quotePath(entry.name)}.`,
    async read() {
      const mend =
        'Fetch the binary version (cifar-10-binary.tar.gz, cifar-100-binary.tar.gz), which is the same pictures';
      throw mismatch(
        "CIFAR's binary version",
        entrySubject(tree, entry),
        'its Python version, a pickle, which runs code when it is read',
        mend,
      );
    },
  };
}

async function readFolder(tree: Tree, folder: Folder, version: Version, files: readonly Entry[]): Promise<DataSource> {
  const { labelBytes, classes } = version;
  const content = new Map<Part, PartArrays>();
  for (const part of parts) {
    const entries = files.filter(({ name }) => version.files.get(name) === part);
    if (entries.length === 0) continue;
    const records = [];
    for (const entry of entries)
      records.push(await readCifar(await entry.open(), labelBytes, classes, entrySubject(tree, entry)));
    const count = records.reduce((sum, one) => sum + one.count, 0);
    const pixels = new Uint8Array(count * cifarSide * cifarSide * 3);
    const labels = new Uint8Array(count);
    let at = 0;
    for (const one of records) {
      pixels.set(one.pixels, at * cifarSide * cifarSide * 3);
      labels.set(one.labels, at);
      at += one.count;
    }
    const subject = entrySubject(tree, entries[0]);
    content.set(part, { height: cifarSide, width: cifarSide, channels: 3, pixels, labels, subject });
  }
  const named = await readClassNames(tree, folder, version.names);
  if (named && named.names.length !== classes)
    throw mismatch(`${classes} class names`, entrySubject(tree, named.entry), String(named.names.length));
  const notes = [
    ...tree.notes,
    `${version.name}: ${[...content].map(([part, { labels }]) => `${labels.length} ${part}`).join(', ')}.`,
  ];
  const missing = [...version.files.keys()].filter((name) => !files.some((file) => file.name === name));
  if (missing.length > 0) notes.push(`Not there: ${missing.map((name) => quotePath(name)).join(', ')}.`);
  if (version === cifar100) notes.push('Labels are the 100 fine ones; the 20 coarse ones are left out.');
  notes.push(
    named ? `Class names from ${named.entry.name}.` : 'No file of class names: classes are called by their numbers.',
  );
  const classNames = named?.names ?? Array.from({ length: classes }, (_, i) => String(i));
  return arraySource(tree.name, classNames, content, notes);
}
