"""Writes the Parquet goldens of tests/golden/data: image sets as Hugging Face's `datasets` stores them.

Run with Python 3 and pyarrow (25 was used): python3 make_parquet.py data
Eight pictures of 4x4 in three classes. Picture i is one colour, (10 i, 200 - 10 i, 50), label i % 3; picture 5 of the
plain file is missing (a null), picture 6 has no label (-1).
"""
import json, struct, sys, zlib
import pyarrow as pa
import pyarrow.parquet as pq


def png(r, g, b, side=4):
    def chunk(kind, body):
        return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
    rows = b''.join(b'\0' + bytes((r, g, b)) * side for _ in range(side))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', side, side, 8, 2, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b''))


def table(missing=(), unlabelled=()):
    images = [None if i in missing else {'bytes': png(10 * i, 200 - 10 * i, 50), 'path': f'picture-{i}.png'} for i in range(8)]
    labels = [-1 if i in unlabelled else i % 3 for i in range(8)]
    features = {'image': {'_type': 'Image'}, 'label': {'names': ['cat', 'dog', 'emu'], '_type': 'ClassLabel'}}
    schema = pa.schema(
        [('image', pa.struct([('bytes', pa.binary()), ('path', pa.string())])), ('label', pa.int64())],
        metadata={b'huggingface': json.dumps({'info': {'features': features}}).encode()})
    return pa.table({'image': pa.array(images, schema.field('image').type), 'label': pa.array(labels, pa.int64())}, schema=schema)


out = sys.argv[1]
pq.write_table(table(), f'{out}/images-snappy.parquet', compression='snappy', row_group_size=3)
pq.write_table(table({5}, {6}), f'{out}/images-plain.parquet', compression='none', use_dictionary=False)
pq.write_table(table(), f'{out}/images-gzip-v2.parquet', compression='gzip', data_page_version='2.0', row_group_size=5)
pq.write_table(table(), f'{out}/images-zstd.parquet', compression='zstd', row_group_size=8)
