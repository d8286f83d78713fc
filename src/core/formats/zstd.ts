import { decompress } from 'fzstd';
import { mismatch } from '../errors.ts';

/** A block makes at most 128 KiB of its header and a byte (RFC 8878, 3.1.1.2): a larger claim is a lie. */
const largestBlock = 2 ** 17;
/** Beyond this size data that are as empty as that are refused: nothing honest shrinks so, and memory is finite. */
const freely = 2 ** 24;
const largestRatio = 4096;

const mend = 'The file is damaged: fetch it again';

/**
 * Unpacks one frame of Zstandard data (RFC 8878) that is known to hold `size` bytes. Allocates nothing that the packed bytes
 * could not fill.
 * @throws FoveaError naming `subject` when the data are damaged or hold another number of bytes.
 */
export function inflateZstd(packed: Uint8Array, size: number, subject: string): Uint8Array {
  const most = Math.min((packed.length / 4 + 1) * largestBlock, Math.max(freely, packed.length * largestRatio));
  if (size > most)
    throw mismatch(`${size} unpacked bytes`, subject, `${packed.length} packed bytes, which cannot hold them`, mend);
  const told = contentSize(packed);
  if (told !== undefined && told !== size) throw mismatch(`${size} unpacked bytes`, subject, String(told), mend);
  const out = new Uint8Array(size);
  let unpacked: Uint8Array;
  try {
    unpacked = decompress(packed, out);
  } catch {
    throw mismatch(`${size} bytes of Zstandard data`, subject, 'damaged data', mend);
  }
  if (unpacked.length !== size) throw mismatch(`${size} unpacked bytes`, subject, String(unpacked.length), mend);
  return unpacked;
}

/** The bytes that a frame says it holds (RFC 8878, 3.1.1.1.4); undefined where it says nothing. */
function contentSize(packed: Uint8Array): number | undefined {
  const flags = packed[4] ?? 0;
  const single = (flags >> 5) & 1;
  const bytes = flags >> 6 === 0 ? single : 1 << (flags >> 6);
  if (bytes === 0) return undefined;
  const begin = 5 + (1 - single) + [0, 1, 2, 4][flags & 3];
  let size = 0;
  for (let i = bytes - 1; i >= 0; i--) size = size * 256 + (packed[begin + i] ?? 0);
  return flags >> 6 === 1 ? size + 256 : size;
}
