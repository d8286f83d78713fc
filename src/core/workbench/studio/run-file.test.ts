import { describe, expect, it } from 'vitest';
import { packRun, unpackRun } from './run-file.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const run = [
  { name: 'run.json', bytes: bytes('{}') },
  { name: 'last.safetensors', bytes: Uint8Array.from({ length: 300_000 }, (_, i) => i) },
];
const asFile = (packed: Uint8Array, name = 'mine.zip'): File => new File([Uint8Array.from(packed)], name);

describe('a run as a file', () => {
  it('comes back as it went, by the name of its folder', async () => {
    expect(await unpackRun(asFile(await packRun('digits-1', run)))).toEqual({ name: 'digits-1', files: run });
  });

  it('leaves what lies beside or below the folder of run.json', async () => {
    const more = [...run, { name: 'pictures/a.png', bytes: bytes('a') }];
    const packed = await packRun('digits-1', more);
    expect((await unpackRun(asFile(packed))).files.map(({ name }) => name)).toEqual(run.map(({ name }) => name));
  });

  it('is refused where it is none, is cut short, or would leave its folder', async () => {
    const packed = await packRun('digits-1', run);
    await expect(unpackRun(asFile(bytes('no zip'), 'a.zip'))).rejects.toThrow("'a.zip'");
    await expect(unpackRun(asFile(packed.subarray(0, packed.length >> 1)))).rejects.toThrow("'mine.zip'");
    await expect(unpackRun(asFile(await packRun('x', run.slice(1))))).rejects.toThrow('no run.json in it');
    const escaping = await packRun('..', run);
    await expect(unpackRun(asFile(escaping))).rejects.toThrow('no run.json in it');
  });
});
