import { type Dataset, pictureSize } from '../dataset/dataset.ts';
import { originOf } from '../dataset/leak-gate.ts';
import { mismatch } from '../errors.ts';
import type { SliceBy } from '../evaluate/slices.ts';
import { parseDelimited } from '../formats/delimited.ts';
import { quotePath } from '../formats/quote.ts';
import type { Adapters } from './adapters.ts';
import { readText } from './storage.ts';
import type { TestPictures } from './test-pictures.ts';
import type { VerbOptions } from './verb.ts';

/**
 * Properties by which test pictures are told apart: brightness and contrast as the model sees them, size and shape of the
 * files, the folder they lie in, and every column of a table. @throws FoveaError when the table fits no picture.
 */
export async function slicePictures(
  adapters: Adapters,
  { slices }: { readonly slices?: string },
  { dataset, data }: TestPictures,
  { signal }: VerbOptions,
): Promise<SliceBy[]> {
  const origins = Array.from({ length: dataset.count }, (_, i) => originOf(dataset, 'test', i));
  const sizes = dataset.origins ? await adapters.pictureSizes?.(data, origins, { signal }) : undefined;
  const sizeOf = origins.map((origin) => sizes?.get(origin));
  const { brightness, contrast } = lightOf(dataset);
  const found: SliceBy[] = [
    { name: 'brightness', values: brightness },
    { name: 'contrast', values: contrast },
    {
      name: 'size',
      values: sizeOf.map((size) => size && Math.sqrt(size.height * size.width)),
      format: (side) => `${Math.round(side)} pixels a side`,
    },
    {
      name: 'aspect',
      values: sizeOf.map((size) => size && size.width / size.height),
      format: (aspect) => `${aspect.toFixed(2)} times as wide as high`,
    },
    { name: 'folder', values: dataset.origins ? foldersOf(origins, dataset.labels) : [] },
  ];
  if (slices !== undefined) found.push(...columnsOf(await readText(adapters.storage, slices), slices, origins));
  return found.filter(({ values }) => new Set(values.filter((value) => value !== undefined)).size > 1);
}

/** Mean and deviation of the grey levels, 0 … 255, over the pixels that the model sees. */
function lightOf(dataset: Dataset): { brightness: number[]; contrast: number[] } {
  const size = pictureSize(dataset);
  const [brightness, contrast]: [number[], number[]] = [[], []];
  for (let i = 0; i < dataset.count; i++) {
    const pixels = dataset.pixels.at(i);
    let [sum, squares] = [0, 0];
    for (let k = 0; k < size; k++) {
      sum += pixels[k];
      squares += pixels[k] * pixels[k];
    }
    const mean = sum / size;
    brightness.push(mean);
    contrast.push(Math.sqrt(Math.max(0, squares / size - mean * mean)));
  }
  return { brightness, contrast };
}

/** The folder of each picture; none where each class has one folder, which says nothing that the class does not. */
function foldersOf(origins: readonly string[], labels: ArrayLike<number>): string[] {
  const folders = origins.map((origin) => origin.slice(0, Math.max(0, origin.lastIndexOf('/'))) || '.');
  const [all, classes] = [new Set(folders), new Set(Array.from(labels))];
  const pairs = new Set(folders.map((folder, i) => `${labels[i]} ${folder}`));
  return pairs.size === all.size && all.size === classes.size ? [] : folders;
}

/** Titles under which a table may name its pictures. */
const nameTitles = ['file', 'filename', 'file_name', 'path', 'image', 'picture', 'name', 'origin', 'id'];
const mostRows = 2_000_000;
const mostColumns = 100;

/** The columns of a table whose rows name pictures, by their whole path or, where that is one only, by their file's name. */
export function columnsOf(text: string, table: string, origins: readonly string[]): SliceBy[] {
  const subject = `table ${quotePath(table)}`;
  const head = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n'));
  const delimiter = ([',', ';', '\t'] as const).reduce((best, one) =>
    head.split(one).length > head.split(best).length ? one : best,
  );
  const [titles, ...rows] = parseDelimited(text, delimiter, subject, mostRows);
  if (!titles || rows.length === 0) throw mismatch('a line of titles and a row a picture', subject, 'none');
  const key = Math.max(
    0,
    titles.cells.findIndex((title) => nameTitles.includes(title.toLowerCase())),
  );
  const places = new Map<string, number[]>();
  origins.forEach((origin, i) => {
    for (const name of new Set([origin, origin.slice(origin.lastIndexOf('/') + 1)])) {
      const known = places.get(name);
      if (known) known.push(i);
      else places.set(name, [i]);
    }
  });
  const columns = titles.cells.slice(0, mostColumns).map(() => new Array<string | undefined>(origins.length));
  let matched = 0;
  for (const { cells } of rows) {
    const name = cells[key]?.replaceAll('\\', '/').replace(/^\.\//, '') ?? '';
    const found = places.get(name);
    // A name that several pictures have would give one of them what is the other's.
    if (found?.length !== 1) continue;
    matched++;
    columns.forEach((column, c) => {
      column[found[0]] = cells[c] === '' ? undefined : cells[c];
    });
  }
  if (matched === 0) {
    const mend = `Name pictures as Fovea does, such as ${quotePath(origins[0])}, in a column 'file'`;
    throw mismatch('rows that name test pictures', subject, `${rows.length} rows that name none`, mend);
  }
  return columns.flatMap((column, c) => {
    if (c === key) return [];
    const words = Array.from(column);
    const isNumeric = words.every((word) => word === undefined || Number.isFinite(Number(word)));
    return [{ name: titles.cells[c], values: isNumeric ? words.map((word) => word && Number(word)) : words }];
  }) as SliceBy[];
}
