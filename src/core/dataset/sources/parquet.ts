import { FoveaError, mismatch } from '../../errors.ts';
import { isParquet, type Leaf, type ParquetFile, readParquet } from '../../formats/parquet/metadata.ts';
import { openColumn } from '../../formats/parquet/pages.ts';
import { quotePath } from '../../formats/quote.ts';
import { type Part, parts, type Skipped } from '../dataset.ts';
import { naturalOrder } from '../natural-order.ts';
import { noteUnequal } from './class-folders.ts';
import type { LabelledPicture, PictureSet, Recogniser } from './content.ts';
import { partWithin } from './part-names.ts';
import { type Entry, endingOf, entrySubject, filesBelow, headOf, type Tree } from './tree.ts';

/** Parquet files with encoded pictures in a column, as Hugging Face stores image sets. */
export const parquet: Recogniser = {
  kind: 'parquet',
  async recognise(tree, { only, signal }) {
    const files: Entry[] = [];
    let whole = true;
    for (const entry of filesBelow(tree.root)) {
      if (only !== undefined && entry.path !== only) continue;
      if (endingOf(entry.name) !== '.parquet') continue;
      files.push(entry);
      whole &&= isParquet(await headOf(entry, 4));
    }
    if (files.length === 0) return undefined;
    const count = files.length === 1 ? quotePath(files[0].name) : `${files.length} files`;
    return {
      kind: 'parquet',
      // Its reader says what is wrong with the file, where nothing else is recognised.
      certainty: whole ? 'certain' : 'possible',
      why: `Parquet, as Hugging Face stores image sets: ${count}.`,
      read: async () => ({ pictures: await readFiles(tree, files, signal) }),
    };
  },
};

/** The columns of one file that matter. */
interface Columns {
  readonly file: ParquetFile;
  readonly image: Leaf;
  readonly label: Leaf;
  /** Names of the classes, where the file has them. */
  readonly names?: readonly string[];
}

const labelNames = ['label', 'labels', 'fine_label', 'class', 'target', 'category'];

async function readFiles(tree: Tree, files: readonly Entry[], signal?: AbortSignal): Promise<PictureSet> {
  const opened: { entry: Entry; columns: Columns; part: Part }[] = [];
  for (const entry of files) {
    const file = await readParquet(await entry.open(), entrySubject(tree, entry));
    opened.push({ entry, columns: findColumns(file), part: partOfFile(entry) });
  }
  const [first] = opened;
  const { label, image, names } = first.columns;
  for (const { columns } of opened) {
    if (columns.label.type !== label.type || JSON.stringify(columns.names) !== JSON.stringify(names))
      throw mismatch(
        `the same classes as ${first.columns.file.subject}`,
        columns.file.subject,
        'others',
        'Name one data set, not several',
      );
  }
  const found: { label: number | string; picture: Omit<LabelledPicture, 'label'> }[] = [];
  const skipped: Skipped[] = [...tree.skipped];
  for (const { entry, columns, part } of opened) {
    const labels = openColumn(columns.file, columns.label);
    const images = openColumn(columns.file, columns.image);
    for (let row = 0; row < columns.file.rows; row++) {
      if (row % 1024 === 0) signal?.throwIfAborted();
      const origin = `${entry.path}, row ${row}`;
      const value = await labels.read(row);
      const known = value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
      // Hugging Face writes -1 where a test part keeps its labels to itself.
      if (known === null || known === -1) {
        skipped.push({ origin, reason: 'it has no label' });
        continue;
      }
      const bytes = async (limit = 2 ** 28): Promise<Uint8Array> => {
        const content = await images.read(row);
        if (!(content instanceof Uint8Array)) throw mismatch('a picture', quotePath(origin), 'none');
        if (content.length > limit) throw mismatch(`at most ${limit} bytes`, quotePath(origin), String(content.length));
        return content;
      };
      found.push({ label: known, picture: { origin, part, bytes } });
    }
  }
  const classNames = names ?? [...new Set(found.map((one) => String(one.label)))].sort(naturalOrder);
  const places = new Map(classNames.map((name, i) => [name, i]));
  const pictures = found.map((one): LabelledPicture => {
    const place = names && typeof one.label === 'number' ? one.label : places.get(String(one.label));
    if (place === undefined || !Number.isInteger(place) || place < 0 || place >= classNames.length)
      throw mismatch(`a label from 0 to ${classNames.length - 1}`, quotePath(one.picture.origin), String(one.label));
    return { ...one.picture, label: place };
  });
  if (pictures.length === 0) throw mismatch('pictures with labels', tree.subject, 'none');
  if (classNames.length < 2) throw mismatch('at least 2 classes', tree.subject, String(classNames.length));
  const notes = [
    ...tree.notes,
    `Parquet: pictures from column '${image.path.join('.')}', labels from '${label.path.join('.')}'.`,
    names
      ? "Class names from the file's Hugging Face metadata."
      : 'No class names in the metadata: classes are called by their labels.',
  ];
  const others = first.columns.file.leaves.filter(({ path }) => path[0] !== image.path[0] && path[0] !== label.path[0]);
  if (others.length > 0)
    notes.push(`Left out the columns ${others.map(({ path }) => `'${path.join('.')}'`).join(', ')}.`);
  const unnamed = opened.filter(({ entry }) => partWithinPath(entry) === undefined);
  if (unnamed.length > 0)
    notes.push(`No part in the name of ${quotePath(unnamed[0].entry.name)}: its pictures are for training.`);
  const counts = new Array<number>(classNames.length).fill(0);
  const counted = pictures.some(({ part }) => part === 'train') ? 'train' : pictures[0].part;
  for (const picture of pictures) if (picture.part === counted) counts[picture.label]++;
  noteUnequal(classNames, counts, notes);
  const ordered = parts.flatMap((part) => pictures.filter((picture) => picture.part === part));
  return { name: tree.name, classNames, pictures: ordered, notes, skipped };
}

const partOfFile = (entry: Entry): Part => partWithinPath(entry) ?? 'train';

/** `train-00000-of-00001.parquet`, or the folder it lies in: `default/train/0000.parquet`. */
function partWithinPath(entry: Entry): Part | undefined {
  for (const step of entry.path.split('/').reverse()) {
    const part = partWithin(step.replace(/\.parquet$/i, ''));
    if (part) return part;
  }
  return undefined;
}

function findColumns(file: ParquetFile): Columns {
  const features = readFeatures(file);
  const imageName = Object.entries(features).find(([, feature]) => feature?._type === 'Image')?.[0];
  const candidates = file.leaves.filter(({ type, repeated }) => type === 'BYTE_ARRAY' && !repeated);
  const image =
    candidates.find(({ path }) => path[0] === imageName && (path.length === 1 || path[path.length - 1] === 'bytes')) ??
    candidates.find(({ path }) => path.length === 2 && path[1] === 'bytes') ??
    candidates.find(({ path }) => path.length === 1 && /^(image|img|picture|image_bytes|png|jpg|jpeg)$/i.test(path[0]));
  const columns = file.leaves
    .map(({ path }) => `'${path.join('.')}'`)
    .slice(0, 12)
    .join(', ');
  if (!image)
    throw mismatch("a column of encoded pictures, such as 'image.bytes',", file.subject, `the columns ${columns}`);
  const named = Object.entries(features)
    .filter(([, feature]) => feature?._type === 'ClassLabel')
    .map(([name]) => name);
  const rank = (name: string): number => (labelNames.includes(name) ? labelNames.indexOf(name) : labelNames.length);
  const wanted = [...named.sort((a, b) => rank(a) - rank(b)), ...labelNames];
  const usable = file.leaves.filter(
    ({ type, path, repeated }) =>
      path.length === 1 && !repeated && (type === 'INT64' || type === 'INT32' || type === 'BYTE_ARRAY'),
  );
  const label = wanted
    .map((name) => usable.find(({ path }) => path[0] === name))
    .find((leaf) => leaf !== undefined && leaf !== image);
  if (!label) throw mismatch("a column of labels, such as 'label',", file.subject, `the columns ${columns}`);
  const names = features[label.path[0]]?.names;
  const known = Array.isArray(names) && names.length > 1 && names.every((name) => typeof name === 'string');
  return { file, image, label, ...(known ? { names: names as string[] } : {}) };
}

/** `{"info": {"features": {…}}}` under the key `huggingface`. */
function readFeatures(file: ParquetFile): Record<string, { _type?: unknown; names?: unknown } | null> {
  const text = file.keyValues.get('huggingface');
  if (text === undefined) return {};
  try {
    const features = JSON.parse(text)?.info?.features;
    return typeof features === 'object' && features !== null ? features : {};
  } catch {
    throw new FoveaError(`Expected JSON for the metadata 'huggingface' of ${file.subject} but received other text`);
  }
}
