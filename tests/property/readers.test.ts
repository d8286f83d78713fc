import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safePath } from '../../src/core/formats/archive.ts';
import { bytesSource } from '../../src/core/formats/byte-source.ts';
import { parseDelimited } from '../../src/core/formats/delimited.ts';
import { readNpyHeader, readNpyNumbers } from '../../src/core/formats/npy.ts';
import { readTar } from '../../src/core/formats/tar.ts';
import { readZip } from '../../src/core/formats/zip.ts';
import { bytes, npy, tar, zip } from '../hostile/fixtures.ts';

const names = fc.stringMatching(/^[a-zA-Z0-9 _äß日.-]{1,12}$/).filter((name) => !/^\.+$/.test(name));
const files = fc.dictionary(
  fc.array(names, { minLength: 1, maxLength: 3 }).map((steps) => `f/${steps.join('/')}`),
  fc.uint8Array({ maxLength: 2000 }),
  { maxKeys: 8, noNullPrototype: true },
);

describe('archives', () => {
  it.each([
    ['zip, deflated', (content: Record<string, Uint8Array>) => readZip(bytesSource(zip(content, 6)), 'a')],
    ['zip, stored', (content: Record<string, Uint8Array>) => readZip(bytesSource(zip(content, 0)), 'a')],
    ['tar', (content: Record<string, Uint8Array>) => readTar(bytesSource(tar(content)), 'a')],
  ] as const)('%s: what was put in comes out', async (_, read) => {
    await fc.assert(
      fc.asyncProperty(files, async (content) => {
        const { members, ignored } = await read(content);
        expect(ignored).toEqual([]);
        const found: Record<string, Uint8Array> = {};
        for (const member of members) {
          const source = await member.open();
          found[member.path] = bytes(await source.read(0, source.size));
          expect(member.size).toBe(source.size);
        }
        expect(Object.keys(found).sort()).toEqual(Object.keys(content).sort());
        for (const [path, data] of Object.entries(content)) expect(found[path]).toEqual(bytes(data));
      }),
      { numRuns: 150 },
    );
  });

  it('no name leads out', () => {
    const step = fc.constantFrom('..', '.', '', 'a', '\\', '..\\', 'C:', 'b..', '...', '\0');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), fc.constantFrom('/', '\\'), (steps, separator) => {
        const place = safePath(steps.join(separator));
        if ('reason' in place) return;
        expect(place.path).not.toMatch(/^[/\\]|^[a-z]:[/\\]|\0/i);
        for (const part of place.path.split(/[/\\]/)) expect(part).not.toBe('..');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('tables', () => {
  it('what was written by RFC 4180 is read', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ';', ' ', 'b'), maxLength: 8 })
      .map((text) => text.trim());
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        (rows, end) => {
          const content = rows
            .map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))
            .join(end);
          expect(parseDelimited(content, ',', 'f').map(({ cells }) => cells)).toEqual(rows);
        },
      ),
    );
  });
});

describe('npy', () => {
  it('an array in Fortran order is the array in C order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), async (shape) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const inC = Uint8Array.from({ length: count }, (_, i) => i % 256);
        const inFortran = new Uint8Array(count);
        for (let i = 0; i < count; i++) {
          // The index of element i, last axis fastest; then its place with the first axis fastest.
          let [rest, place, stride] = [i, 0, 1];
          const index = [...shape].reverse().map((size) => {
            const at = rest % size;
            rest = Math.floor(rest / size);
            return at;
          });
          index.reverse().forEach((at, axis) => {
            place += at * stride;
            stride *= shape[axis];
          });
          inFortran[place] = inC[i];
        }
        for (const [data, fortran] of [
          [inC, false],
          [inFortran, true],
        ] as const) {
          const source = bytesSource(npy('|u1', shape, data, fortran));
          const header = await readNpyHeader(source, 'f');
          expect(header.shape).toEqual(shape);
          expect(bytes((await readNpyNumbers(source, header, 'f')) as Uint8Array)).toEqual(inC);
        }
      }),
    );
  });
});
