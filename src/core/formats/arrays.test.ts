import { describe, expect, it } from 'vitest';
import { cifarRecords, npy, ofType, text } from '../../../tests/hostile/fixtures.ts';
import { FoveaError } from '../errors.ts';
import { bytesSource } from './byte-source.ts';
import { readCifar } from './cifar.ts';
import { parseDelimited, parseJsonLines } from './delimited.ts';
import { readNpyHeader, readNpyNumbers, readNpyText } from './npy.ts';

async function failure(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(FoveaError);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

async function numbers(content: Uint8Array): Promise<number[]> {
  const source = bytesSource(content);
  return Array.from(await readNpyNumbers(source, await readNpyHeader(source, "'x.npy'"), "'x.npy'"));
}

describe('npy', () => {
  it.each([
    ['|u1', Uint8Array.of(1, 200)],
    ['<u2', Uint16Array.of(1, 65000)],
    ['<i2', Int16Array.of(-1, 300)],
    ['<i4', Int32Array.of(-5, 70000)],
    ['<u4', Uint32Array.of(5, 4e9)],
    ['<f4', Float32Array.of(0.5, -2)],
    ['<f8', Float64Array.of(0.1, 1e300)],
  ] as const)('reads %s', async (type, data) => {
    expect(await numbers(npy(type, [2], ofType(data)))).toEqual(Array.from(data));
  });

  it('reads 64-bit integers, halves, both byte orders and Fortran order', async () => {
    expect(await numbers(npy('<i8', [2], ofType(BigInt64Array.of(-3n, 2n ** 40n))))).toEqual([-3, 2 ** 40]);
    expect(await numbers(npy('<f2', [4], ofType(Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001))))).toEqual([
      1,
      -2,
      0.333251953125,
      2 ** -24,
    ]);
    expect(await numbers(npy('>u2', [2], Uint8Array.of(1, 2, 3, 4)))).toEqual([0x0102, 0x0304]);
    // [[0, 1, 2], [3, 4, 5]] column by column.
    expect(await numbers(npy('|u1', [2, 3], Uint8Array.of(0, 3, 1, 4, 2, 5), true))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('reads text', async () => {
    const source = bytesSource(
      npy('<U3', [2], ofType(Uint32Array.from([...'caté\0\0'].map((c) => c.codePointAt(0)!)))),
    );
    expect(await readNpyText(source, await readNpyHeader(source, 'f'), 'f')).toEqual(['cat', 'é']);
  });

  it.each([
    [
      'a pickle',
      npy('|O', [2], new Uint8Array(9)),
      /Expected numbers for 'x\.npy' but received an array of Python objects\. It would have to be unpickled, which runs code: save it again/,
    ],
    ['complex numbers', npy('<c8', [1], new Uint8Array(8)), /elements of type '<c8'/],
    [
      'too few bytes',
      npy('<f4', [3, 3], new Uint8Array(35)),
      /Expected 164 bytes \(its header says 3 x 3 of f4\) for 'x\.npy' but received 163 bytes\. The file is cut short/,
    ],
    ['a huge claim', npy('|u1', [2 ** 31, 2 ** 31], new Uint8Array(4)), /an array that fits into memory/],
    [
      'other bytes',
      text('hello, this is no array'),
      /a NumPy array \(first bytes '\\x93NUMPY'\) for 'x\.npy' but received other bytes/,
    ],
    ['nothing', new Uint8Array(0), /received an empty file/],
    ['whole numbers beyond 2^53', npy('<u8', [1], new Uint8Array(8).fill(255)), /whole numbers within 2\^53/],
  ])('refuses %s', async (_, content, message) => {
    expect(await failure(() => numbers(content))).toMatch(message);
  });
});

describe('cifar', () => {
  it('brings planes side by side, skips the coarse label', async () => {
    const { count, pixels, labels } = await readCifar(bytesSource(cifarRecords([7, 3], [1])), 2, 100, 'f');
    expect([count, [...labels], [...pixels.subarray(0, 6)], [...pixels.subarray(3072, 3075)]]).toEqual([
      2,
      [7, 3],
      [0, 80, 160, 0, 80, 160],
      [1, 81, 161],
    ]);
  });

  it.each([
    [
      cifarRecords([1]).slice(0, 3000),
      10,
      /Expected whole records of 3073 bytes for 'f' but received 3000 bytes\. The file is cut short/,
    ],
    [new Uint8Array(0), 10, /received 0 bytes/],
    [cifarRecords([1, 10]), 10, /Expected a label from 0 to 9 for record 2 of 'f' but received 10/],
  ])('refuses what is no such file', async (content, classes, message) => {
    expect(await failure(() => readCifar(bytesSource(content), 1, classes, "'f'"))).toMatch(message);
  });
});

describe('delimited', () => {
  it('reads quotes, line breaks within them, empty lines, any line end and a byte order mark', () => {
    const content = '\ufeffa,b\r\n"x, ""y""","two\nlines"\n\n"open" rest , plain \rlast,';
    expect(parseDelimited(content, ',', 'f')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x, "y"', 'two\nlines'] },
      { line: 5, cells: ['open rest', 'plain'] },
      { line: 6, cells: ['last', ''] },
    ]);
    expect(parseDelimited('a b c.jpg 3\n\nx.jpg\t4\nalone', ' ', 'f').map(({ cells }) => cells)).toEqual([
      ['a b c.jpg', '3'],
      ['x.jpg', '4'],
      ['alone'],
    ]);
  });

  it('names the line of what is wrong', async () => {
    expect(await failure(() => parseDelimited('a,b\n"open,c\n', ',', "'f.csv'"))).toBe(
      "Expected a closing quote for line 2 of 'f.csv' but received none",
    );
    expect(await failure(() => parseJsonLines('{"a":1}\n{oops', "'f.jsonl'"))).toBe(
      "Expected a JSON object for line 2 of 'f.jsonl' but received other text",
    );
    expect(parseJsonLines('{"b":"x"}\n{"a":2,"b":null,"__proto__":3}\n', 'f')).toEqual({
      header: ['b', 'a', '__proto__'],
      rows: [
        { line: 1, cells: ['x'] },
        { line: 2, cells: ['', '2', '3'] },
      ],
    });
  });
});
