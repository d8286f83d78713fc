/**
 * The pictures of a data set, wherever they lie, each of the same number of bytes. Reading is synchronous: from memory it
 * is a view, from a disk one positioned read that the system answers from its cache in microseconds.
 */
export interface Pixels {
  readonly count: number;
  /** Bytes of one picture. */
  readonly size: number;
  /** The bytes of a picture, not to be written into, and valid only until the next call of `at` of any pixels. */
  at(index: number): Uint8Array;
  /** Writes the bytes of a picture to `to` from `offset` on. */
  copy(index: number, to: Uint8Array, offset: number): void;
  /** What stays in memory for as long as these pixels are used. Pixels made from each other hold the same arrays. */
  readonly held: readonly Uint8Array[];
  /** As `contentHashes` computes it, where it is known without looking at the picture. */
  readonly hashAt?: (index: number) => string;
  /** The file in which a picture is the `place`-th of its size, where it lies in one: for programs that read it themselves. */
  readonly fileAt?: (index: number) => PictureFile | undefined;
}

export interface PictureFile {
  readonly path: string;
  /** From 0. */
  readonly place: number;
}

/** Pictures one after the other in an array, which is not copied. @throws RangeError when they do not fill it. */
export function memoryPixels(bytes: Uint8Array, size: number): Pixels {
  const count = bytes.length / size;
  if (!Number.isInteger(count)) throw new RangeError(`pictures of ${size} bytes in ${bytes.length}`);
  const at = (index: number): Uint8Array => bytes.subarray(index * size, (index + 1) * size);
  return { count, size, at, copy: (index, to, offset) => to.set(at(index), offset), held: [bytes] };
}

/** The pictures at `indices`, in that order: nothing is copied but the indices. */
export function selectPixels(pixels: Pixels, indices: ArrayLike<number>): Pixels {
  const places = Uint32Array.from(indices);
  const { size, held, hashAt, fileAt } = pixels;
  return {
    count: places.length,
    size,
    at: (index) => pixels.at(places[index]),
    copy: (index, to, offset) => pixels.copy(places[index], to, offset),
    held,
    ...(hashAt ? { hashAt: (index) => hashAt(places[index]) } : {}),
    ...(fileAt ? { fileAt: (index) => fileAt(places[index]) } : {}),
  };
}

/** Several lists of pictures of one size as one, in their order; nothing is copied. */
export function joinPixels(lists: readonly Pixels[]): Pixels {
  if (lists.length === 1) return lists[0];
  const begins = [0];
  for (const { count } of lists) begins.push(begins[begins.length - 1] + count);
  const listOf = (index: number): number => {
    let list = 0;
    while (index >= begins[list + 1]) list++;
    return list;
  };
  const hashed = lists.every(({ hashAt }) => hashAt);
  return {
    count: begins[lists.length],
    size: lists[0].size,
    at(index) {
      const list = listOf(index);
      return lists[list].at(index - begins[list]);
    },
    copy(index, to, offset) {
      const list = listOf(index);
      lists[list].copy(index - begins[list], to, offset);
    },
    held: [...new Set(lists.flatMap(({ held }) => held))],
    ...(hashed
      ? {
          hashAt(index) {
            const list = listOf(index);
            return lists[list].hashAt!(index - begins[list]);
          },
        }
      : {}),
    fileAt(index) {
      const list = listOf(index);
      return lists[list].fileAt?.(index - begins[list]);
    },
  };
}

/** All pictures, one after the other, in an array of their own. */
export function copyPixels({ count, size, copy }: Pixels): Uint8Array {
  const all = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) copy(i, all, i * size);
  return all;
}

/** Bytes that pixels hold in memory together, what they share counted once. */
export function heldBytes(lists: readonly Pixels[]): number {
  const buffers = new Set(lists.flatMap(({ held }) => held).map(({ buffer }) => buffer));
  return [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
}
