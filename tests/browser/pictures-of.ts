import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtIns } from '../../src/core/dataset/builtin/index.ts';
import { pictureAt } from '../../src/core/dataset/dataset.ts';
import { encodePng } from '../../src/node/encode.ts';

/** Writes pictures of a built-in set as PNG files into a folder. @returns their paths, in order. */
export async function writeBuiltIn(folder: string, name: 'digits' | 'shapes', count: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const { test } = builtIns.get(name)!.generate({ train: 1, test: count });
  const paths: string[] = [];
  for (let i = 0; i < count; i++) {
    const path = join(folder, `${name}-${String(i).padStart(4, '0')}.png`);
    writeFileSync(path, await encodePng(pictureAt(test!, i)));
    paths.push(path);
  }
  return paths;
}
