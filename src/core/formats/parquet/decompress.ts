import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { mismatch } from '../../errors.ts';
import { inflateGzip } from '../inflate.ts';
import { inflateZstd } from '../zstd.ts';
import type { Chunk } from './metadata.ts';

const mend = 'The file is damaged: fetch it again';

/**
 * Unpacks a page. Nothing is allocated that the packed bytes could not fill. @param size bytes that must come out.
 * @throws FoveaError naming the column when they are damaged, or packed by a method that is not read.
 */
export function decompress(packed: Uint8Array, size: number, codec: Chunk['codec'], name: string): Uint8Array {
  switch (codec) {
    case 'UNCOMPRESSED':
      if (packed.length !== size) throw mismatch(`${size} bytes`, name, String(packed.length), mend);
      return packed;
    case 'SNAPPY': {
      // Three bytes of Snappy make at most 64: a larger claim is a lie.
      if (size > 22 * packed.length + 64)
        throw mismatch(`${size} unpacked bytes`, name, `${packed.length} packed ones, too few for them`, mend);
      const out = new Uint8Array(size);
      try {
        snappyUncompress(packed, out);
      } catch {
        throw mismatch(`${size} bytes of Snappy data`, name, 'damaged data', mend);
      }
      return out;
    }
    case 'GZIP':
      return inflateGzip(packed, size, name);
    case 'ZSTD':
      return inflateZstd(packed, size, name);
    default:
      throw mismatch(
        'pages that are not compressed, or with Snappy, gzip or Zstandard,',
        name,
        `${codec ?? 'another compression'}`,
        "Save the file again with compression='snappy'",
      );
  }
}
