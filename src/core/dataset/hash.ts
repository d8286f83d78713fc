import type { Dataset } from './dataset.ts';
import type { Pixels } from './pixels.ts';

const known = new WeakMap<Dataset, Promise<string>>();
const piece = 1 << 26;

/**
 * `sha256:` and the hash of what the data set holds, whatever its name and files: SHA-256 over the text
 * `fovea-dataset-1 COUNTxHEIGHTxWIDTHxCHANNELS`, a line feed, the class names as JSON, a line feed, then the SHA-256 of
 * each 64 MiB of pixels in turn, then the SHA-256 of the labels as 32-bit little endian. Kept once computed.
 */
export function hashDataset(dataset: Dataset): Promise<string> {
  let hash = known.get(dataset);
  if (!hash) known.set(dataset, (hash = compute(dataset)));
  return hash;
}

async function compute(dataset: Dataset): Promise<string> {
  const { count, height, width, channels, classNames, pixels, labels } = dataset;
  const head = `fovea-dataset-1 ${count}x${height}x${width}x${channels}\n${JSON.stringify(classNames)}\n`;
  const digests: Uint8Array[] = [];
  for (const bytes of pieces(pixels)) digests.push(await sha256(bytes));
  const labelBytes = new Uint8Array(4 * count);
  const view = new DataView(labelBytes.buffer);
  labels.forEach((label, i) => {
    view.setInt32(4 * i, label, true);
  });
  digests.push(await sha256(labelBytes));
  const headBytes = new TextEncoder().encode(head);
  const whole = new Uint8Array(headBytes.length + 32 * digests.length);
  whole.set(headBytes);
  digests.forEach((digest, i) => {
    whole.set(digest, headBytes.length + 32 * i);
  });
  return `sha256:${toHex(await sha256(whole))}`;
}

/** All pixels one after the other, 64 MiB at a time, each in the same room. */
function* pieces({ count, size, at }: Pixels): Generator<Uint8Array<ArrayBuffer>> {
  const room = new Uint8Array(Math.min(piece, count * size));
  let filled = 0;
  for (let i = 0; i < count; i++) {
    let rest = at(i);
    while (filled + rest.length >= room.length) {
      const fitting = room.length - filled;
      room.set(rest.subarray(0, fitting), filled);
      // A copy, since others may read pictures while this one waits.
      rest = rest.slice(fitting);
      yield room;
      filled = 0;
    }
    room.set(rest, filled);
    filled += rest.length;
  }
  if (filled > 0) yield room.subarray(0, filled);
}

const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

const toHex = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
