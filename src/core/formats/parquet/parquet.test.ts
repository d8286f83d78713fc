import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { bytes, parquetGolden, png } from '../../../../tests/hostile/fixtures.ts';
import { FoveaError } from '../../errors.ts';
import { bytesSource } from '../byte-source.ts';
import { decompress } from './decompress.ts';
import { readParquet } from './metadata.ts';
import { openColumn, type ParquetValue } from './pages.ts';
import { readHybrid } from './rle.ts';

async function columns(content: Uint8Array): Promise<Record<string, ParquetValue[]>> {
  const file = await readParquet(bytesSource(content), "'f.parquet'");
  const found: Record<string, ParquetValue[]> = {};
  for (const leaf of file.leaves) {
    const column = openColumn(file, leaf, 2);
    const values: ParquetValue[] = [];
    // Backwards, so that pages come in another order than they lie.
    for (let row = file.rows - 1; row >= 0; row--) values[row] = await column.read(row);
    found[leaf.path.join('.')] = values;
  }
  return found;
}

describe('Parquet', () => {
  it.each(['snappy', 'plain', 'gzip-v2', 'zstd'] as const)('%s: what pyarrow wrote', async (name) => {
    const found = await columns(parquetGolden(name));
    const missing = name === 'plain' ? 5 : -1;
    expect(Object.keys(found)).toEqual(['image.bytes', 'image.path', 'label']);
    found['image.bytes'].forEach((value, i) => {
      if (i === missing) expect(value).toBe(null);
      else {
        // The same picture as made here, though its bytes are compressed by another program.
        expect(bytes(value as Uint8Array).subarray(0, 33)).toEqual(png(0, 0, 0).subarray(0, 33));
        expect((value as Uint8Array).length).toBeGreaterThan(60);
      }
    });
    expect(found.label).toEqual([0, 1, 2, 0, 1, 2, name === 'plain' ? -1 : 0, 1]);
  });

  it('reads the values that hyparquet reads', async () => {
    for (const name of ['snappy', 'plain'] as const) {
      const content = parquetGolden(name);
      const rows = await parquetReadObjects({ file: content.buffer as ArrayBuffer, utf8: false });
      const found = await columns(content);
      expect(found.label).toEqual(rows.map(({ label }) => Number(label)));
      expect(found['image.bytes'].map((value) => value && bytes(value as Uint8Array))).toEqual(
        rows.map(({ image }) => (image?.bytes ? bytes(image.bytes) : null)),
      );
    }
  });

  it('names a compression that it does not know, and refuses Zstandard data that cannot be what they say', () => {
    expect(() => decompress(new Uint8Array(9), 9, 'BROTLI', 'column')).toThrow(
      "Expected pages that are not compressed, or with Snappy, gzip or Zstandard, for column but received BROTLI. Save the file again with compression='snappy'",
    );
    // A frame of 5 bytes in one raw block (RFC 8878, 3.1.1).
    const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x29, 0, 0, 1, 2, 3, 4, 5);
    expect([...decompress(frame, 5, 'ZSTD', 'column')]).toEqual([1, 2, 3, 4, 5]);
    const refused = [
      [frame, 6, '6 unpacked bytes, 5'],
      [frame, 2 ** 30, '1073741824 unpacked bytes, 14 packed bytes, which cannot hold them'],
      [frame.slice(0, 9), 5, '5 bytes of Zstandard data, damaged data'],
      [Uint8Array.of(...frame, ...frame), 5, '5 bytes of Zstandard data, damaged data'],
    ] as const;
    for (const [packed, size, says] of refused) {
      const [wanted, received] = says.split(', ');
      expect(() => decompress(packed, size, 'ZSTD', 'column')).toThrow(
        `Expected ${wanted} for column but received ${received}`,
      );
    }
  });

  it('cut anywhere it is refused', async () => {
    const content = parquetGolden('plain');
    for (let length = 0; length < content.length; length += 7)
      await expect(columns(content.slice(0, length))).rejects.toThrow(FoveaError);
  });

  it('runs of any length make no more numbers than are asked for', () => {
    // A run of 2^30 ones in six bytes, at which a reader without bounds would work for seconds.
    expect([...readHybrid(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x08, 1), 0, 6, 1, 5, 'f')]).toEqual([1, 1, 1, 1, 1]);
    // Eight numbers of three bits: 0 to 7 (parquet-format, Encodings.md).
    expect([...readHybrid(Uint8Array.of(3, 0b10001000, 0b11000110, 0b11111010), 0, 4, 3, 8, 'f')]).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
    expect(() => readHybrid(Uint8Array.of(3, 0), 0, 2, 3, 8, 'f')).toThrow(FoveaError);
    expect(() => readHybrid(Uint8Array.of(0, 1), 0, 2, 1, 8, 'f')).toThrow(FoveaError);
  });
});
