import { invalid, mismatch } from '../../errors.ts';
import { idxImages, idxLabels, readIdx } from '../../formats/idx.ts';
import { quotePath } from '../../formats/quote.ts';
import { type DataSource, type Part, parts } from '../dataset.ts';
import { arraySource, gapNote, numberNames, type PartArrays } from './arrays.ts';
import type { Recogniser } from './content.ts';
import { partOf } from './part-names.ts';
import { bytesOf, type Entry, entrySubject, type Folder, foldersBelow, readClassNames, type Tree } from './tree.ts';

/** `train-images-idx3-ubyte`, `train-images.idx3-ubyte`, `t10k-labels-idx1-ubyte.gz`, … */
const pattern = /^([a-z0-9]+)-(images|labels)[.-]idx[134](?:-ubyte)?(\.gz)?$/i;

type Pairs = ReadonlyMap<Part, { readonly images?: Entry; readonly labels?: Entry }>;

/** Pairs of IDX files, as MNIST and its kin come. */
export const idx: Recogniser = {
  kind: 'idx',
  async recognise(tree, { only }) {
    const found: { folder: Folder; pairs: Pairs }[] = [];
    for (const folder of foldersBelow(tree.root)) {
      const pairs = pairsOf(folder);
      if (pairs.size > 0 && (only === undefined || folder.files.some(({ path }) => path === only)))
        found.push({ folder, pairs });
    }
    if (found.length === 0) return undefined;
    const [{ folder, pairs }] = found;
    const names = [...pairs.values()].map(({ images, labels }) => quotePath((images ?? labels)!.name)).join(', ');
    return {
      kind: 'idx',
      certainty: 'certain',
      why: `IDX files, as MNIST comes: ${names}.`,
      async read() {
        if (found.length > 1) {
          const places = found.map((one) => quotePath(one.folder.path || '.')).join(', ');
          throw mismatch(
            'one set of IDX files',
            tree.subject,
            `several, in ${places}`,
            'Name the folder of one of them',
          );
        }
        return { arrays: await readPairs(tree, folder, pairs) };
      },
    };
  },
};

function pairsOf(folder: Folder): Pairs {
  const found = new Map<Part, { images?: Entry; labels?: Entry }>();
  for (const entry of folder.files) {
    const match = pattern.exec(entry.name);
    const part = match && partOf(match[1]);
    if (!match || !part) continue;
    const what = match[2].toLowerCase() as 'images' | 'labels';
    const pair = found.get(part) ?? {};
    // Plain and packed side by side are the same content; natural order puts the plain file first.
    pair[what] ??= entry;
    found.set(part, pair);
  }
  return found;
}

/** Class names come from `classes.txt`, `labels.txt` or `class-names.txt` beside the files, or are `0`, `1`, … */
async function readPairs(tree: Tree, folder: Folder, pairs: Pairs): Promise<DataSource> {
  const content = new Map<Part, PartArrays>();
  for (const part of parts) {
    const pair = pairs.get(part);
    if (!pair) continue;
    const { images, labels } = checkPair(tree, pair);
    const [imagesFile, labelsFile] = [entrySubject(tree, images), entrySubject(tree, labels)];
    const pictures = idxImages(await readIdx(await bytesOf(images, imagesFile), imagesFile), imagesFile);
    const numbers = idxLabels(await readIdx(await bytesOf(labels, labelsFile), labelsFile), labelsFile);
    if (numbers.length !== pictures.count) {
      throw invalid(
        `${pictures.count} labels, one for each picture of ${images.name},`,
        labelsFile,
        numbers.length,
        'The two files do not belong together: fetch both again',
      );
    }
    content.set(part, { ...pictures, labels: numbers, subject: imagesFile });
  }
  const numbers = numberNames([...content.values()].map(({ labels }) => labels));
  const named = await readClassNames(tree, folder);
  if (named && named.names.length < numbers.length) {
    throw invalid(
      `at least ${numbers.length} class names, since label ${numbers.length - 1} occurs,`,
      entrySubject(tree, named.entry),
      named.names.length,
    );
  }
  const notes = [
    ...tree.notes,
    `IDX files: ${[...content].map(([part, { labels }]) => `${labels.length} ${part}`).join(', ')}.`,
    named
      ? `Class names from ${named.entry.name}.`
      : 'No file of class names (classes.txt): classes are called by their numbers.',
    ...gapNote([...content.values()].map(({ labels }) => labels)),
  ];
  return arraySource(folder.name || tree.name, named?.names ?? numbers, content, notes);
}

function checkPair(
  tree: Tree,
  { images, labels }: { images?: Entry; labels?: Entry },
): { images: Entry; labels: Entry } {
  if (!images)
    throw mismatch(
      'a file of pictures',
      entrySubject(tree, labels!),
      'its labels only',
      `Put ${labels!.name.replace('labels', 'images').replace('idx1', 'idx3')} beside it`,
    );
  if (!labels)
    throw mismatch(
      'a file of labels',
      entrySubject(tree, images),
      'its pictures only',
      `Put ${images.name.replace('images', 'labels').replace('idx3', 'idx1')} beside it`,
    );
  return { images, labels };
}
