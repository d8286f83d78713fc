import { mismatch } from '../../errors.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { isNpy, readNpyHeader, readNpyNumbers, readNpyText } from '../../formats/npy.ts';
import { quotePath } from '../../formats/quote.ts';
import { isZip, readZip } from '../../formats/zip.ts';
import { type DataSource, type Part, parts } from '../dataset.ts';
import { arraySource, numberNames, type PartArrays } from './arrays.ts';
import type { Recogniser } from './content.ts';
import { labelsOf, type NamedArray } from './numpy-labels.ts';
import { describeLayout, picturesOf } from './numpy-pictures.ts';
import { partOf } from './part-names.ts';
import { type Entry, endingOf, entrySubject, filesBelow, headOf, type Tree } from './tree.ts';

interface Pair {
  images?: NamedArray;
  labels?: NamedArray;
}

const imageWords = new Set([
  'x',
  'image',
  'images',
  'img',
  'imgs',
  'data',
  'pixels',
  'features',
  'picture',
  'pictures',
]);
const labelWords = new Set(['y', 'label', 'labels', 'target', 'targets', 'class', 'classes', 'lbl']);
const nameWords = /^(class|label|target|category)_?names$|^names$/i;

/** NumPy arrays: `.npz` as Keras and MedMNIST write them, or `.npy` files side by side. */
export const numpy: Recogniser = {
  kind: 'numpy',
  async recognise(tree, { only }) {
    const files: Entry[] = [];
    let whole = true;
    for (const entry of filesBelow(tree.root)) {
      if (
        only !== undefined &&
        entry.path !== only &&
        !(endingOf(only) === '.npy' && folderOf(entry) === folderOf({ path: only }))
      )
        continue;
      const ending = endingOf(entry.name);
      if (ending !== '.npy' && ending !== '.npz') continue;
      const head = await headOf(entry, 8);
      files.push(entry);
      whole &&= isNpy(head) || isZip(head);
    }
    if (files.length === 0) return undefined;
    return {
      kind: 'numpy',
      // Its reader says what is wrong with the file, where nothing else is recognised.
      certainty: whole ? 'certain' : 'possible',
      why: `NumPy arrays: ${files
        .slice(0, 4)
        .map(({ name }) => quotePath(name))
        .join(', ')}.`,
      async read() {
        const packed = files.filter(({ name }) => endingOf(name) === '.npz');
        if (packed.length > 1) {
          const names = packed.map(({ name }) => quotePath(name)).join(', ');
          throw mismatch('one .npz file', tree.subject, `several, ${names}`, 'Name one of them');
        }
        // An .npz holds all; arrays beside it are another copy.
        return { arrays: await readArrays(tree, packed.length === 1 ? packed : files) };
      },
    };
  },
};

const folderOf = ({ path }: { path: string }): string => path.slice(0, path.lastIndexOf('/') + 1);

async function readArrays(tree: Tree, files: readonly Entry[]): Promise<DataSource> {
  const arrays = await openArrays(tree, files);
  const classNames = await namesFrom(arrays);
  const pairs = pairUp(
    arrays.filter(({ name }) => !nameWords.test(name)),
    tree,
  );
  const pictures = await picturesOf(
    new Map(
      [...pairs].map(([part, { images }]) => [
        part,
        {
          header: images.header,
          subject: images.subject,
          read: () => readNpyNumbers(images.source, images.header, images.subject),
        },
      ]),
    ),
  );
  const content = new Map<Part, PartArrays>();
  const texts = new Map<string, number>();
  for (const part of parts) {
    const pair = pairs.get(part);
    const picture = pictures.parts.get(part);
    if (!pair || !picture) continue;
    const labels = await labelsOf(pair.labels, picture.count, pair.images.subject, texts);
    content.set(part, { ...picture, labels, subject: pair.images.subject });
  }
  const names =
    texts.size > 0
      ? [...texts.keys()]
      : (classNames?.names ?? numberNames([...content.values()].map(({ labels }) => labels)));
  const notes = [
    ...tree.notes,
    `NumPy arrays: ${[...pairs].map(([part, { images, labels }]) => `${part} from ${quotePath(images.name)} with ${quotePath(labels.name)}`).join(', ')}.`,
    ...describeLayout(pictures),
  ];
  if (texts.size > 0) notes.push('Class names are the text of the labels.');
  else if (classNames) notes.push(`Class names from the array ${quotePath(classNames.name)}.`);
  else notes.push('No array of class names: classes are called by their numbers.');
  const used = new Set([...pairs.values()].flatMap(({ images, labels }) => [images, labels]));
  const unused = arrays.filter((one) => !used.has(one) && one.name !== classNames?.name);
  if (unused.length > 0)
    notes.push(
      `Left out: ${unused.map(({ name, header }) => `${quotePath(name)} (${header.shape.join('x')})`).join(', ')}.`,
    );
  return arraySource(tree.name, names, content, notes);
}

async function openArrays(tree: Tree, files: readonly Entry[]): Promise<NamedArray[]> {
  const arrays: NamedArray[] = [];
  const add = async (name: string, subject: string, source: ByteSource): Promise<void> => {
    arrays.push({ name: name.replace(/\.npy$/i, ''), subject, source, header: await readNpyHeader(source, subject) });
  };
  for (const entry of files) {
    const subject = entrySubject(tree, entry);
    const source = await entry.open();
    if (endingOf(entry.name) === '.npy') await add(entry.name, subject, source);
    else {
      const { members, ignored } = await readZip(source, subject, { totalBytes: 2 ** 32 });
      if (members.length > 1000) throw mismatch('at most 1000 arrays', subject, String(members.length));
      for (const member of members) {
        if (endingOf(member.path) === '.npy')
          await add(member.path, `${quotePath(member.path)} in ${subject}`, await member.open());
      }
      if (members.length === 0 && ignored.length > 0)
        throw mismatch('arrays', subject, `${ignored[0].origin}: ${ignored[0].reason}`);
    }
  }
  return arrays;
}

async function namesFrom(arrays: readonly NamedArray[]): Promise<{ name: string; names: string[] } | undefined> {
  const found = arrays.find(({ name, header }) => nameWords.test(name) && /^[US]/.test(header.type));
  return found && { name: found.name, names: await readNpyText(found.source, found.header, found.subject) };
}

/** Which array holds the pictures and which the labels of each part, by name; by shape where two arrays have no names. */
function pairUp(arrays: readonly NamedArray[], tree: Tree): Map<Part, { images: NamedArray; labels: NamedArray }> {
  const pairs = new Map<Part, Pair>();
  for (const array of arrays) {
    const words = array.name.split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());
    // `Xtrain`, `ytest`: one letter before the part.
    const joined = /^([xy])(train|val|valid|test)$/.exec(words.join(''));
    const all = joined ? [joined[1], joined[2]] : words;
    const named = all.map(partOf).filter((part) => part !== undefined);
    const isImage = all.some((word) => imageWords.has(word));
    const isLabel = all.some((word) => labelWords.has(word));
    if (named.length > 1 || isImage === isLabel) continue;
    const part = named[0] ?? 'train';
    const pair = pairs.get(part) ?? {};
    const other = isImage ? pair.images : pair.labels;
    if (other)
      throw mismatch(
        `one array of ${isImage ? 'pictures' : 'labels'} of the ${part} part`,
        tree.subject,
        `${quotePath(other.name)} and ${quotePath(array.name)}`,
      );
    pair[isImage ? 'images' : 'labels'] = array;
    pairs.set(part, pair);
  }
  if (pairs.size === 0 && arrays.length === 2) {
    const [labels, images] = [...arrays].sort((a, b) => a.header.shape.length - b.header.shape.length);
    pairs.set('train', { images, labels });
  }
  const whole = new Map<Part, { images: NamedArray; labels: NamedArray }>();
  for (const part of parts) {
    const pair = pairs.get(part);
    if (!pair) continue;
    const { images, labels } = pair;
    if (!images || !labels) {
      const there = (images ?? labels)!;
      const missing = images ? 'labels' : 'pictures';
      throw mismatch(
        `an array of ${missing} beside it`,
        there.subject,
        'none',
        `Save it as ${images ? 'y' : 'x'}_${part}`,
      );
    }
    whole.set(part, { images, labels });
  }
  if (whole.size === 0) {
    const names = arrays
      .map(({ name, header }) => `${quotePath(name)} (${header.shape.join('x')})`)
      .slice(0, 8)
      .join(', ');
    throw mismatch(
      'arrays named x_train and y_train, or images and labels,',
      tree.subject,
      names || 'none',
      'Save them under such names',
    );
  }
  return whole;
}
