import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from '../../src/node/encode.ts';
import { fovea } from './fovea.ts';

/** A 8x8 picture of one colour with a little noise: learnt in an epoch by any network. @param hue 0 red, 1 green, 2 blue. */
export function colourPng(hue: number, seed: number): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: 192 }, (_, p) => (p % 3 === hue ? 200 : 20) + ((p * 7 + seed * 13) % 40));
  return encodePng({ width: 8, height: 8, channels: 3, data });
}

/** `FOLDER/CLASS/N.png`, a colour each. */
export async function writeColours(folder: string, classes: readonly string[], each = 12): Promise<string> {
  for (const [hue, name] of classes.entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < each; i++) writeFileSync(join(folder, name, `${i}.png`), await colourPng(hue, 100 * hue + i));
  }
  return folder;
}

/** Files without labels: `FOLDER/HUE-N.png`. */
export async function writePool(folder: string, each = 3): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (let hue = 0; hue < 3; hue++) {
    for (let i = 0; i < each; i++)
      writeFileSync(join(folder, `${hue}-${i}.png`), await colourPng(hue, 7000 + 50 * hue + i));
  }
  return folder;
}

export const quick = [
  '--model',
  'linear',
  '--size',
  '8',
  '--epochs',
  '15',
  '--lr',
  '0.01',
  '--augment',
  'none',
  '--json',
];

/** Trains on colours in seconds. @throws when it failed. */
export async function trainColours(cwd: string, data: string, out: string): Promise<string> {
  const { code, stderr } = await fovea(cwd, ['train', data, '--out', out, ...quick]);
  if (code !== 0) throw new Error(stderr);
  return out;
}
