import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { unpack } from '../test-data.ts';

/** Class numbers of the authors' lists, from 1. */
const classes = ['glass', 'paper', 'cardboard', 'plastic', 'metal', 'trash'] as const;
const parts = ['train', 'val', 'test'] as const;

/**
 * Unpacks TrashNet and lays its authors' split out as class folders: `destination/train/glass/glass1.jpg`, ….
 * @param archive `photos/trashnet150.tar` of the test data. @param destination an empty folder.
 * @returns pictures of each part; 1,768 train, 328 val, 431 test when the archive is whole.
 */
export function layOutTrashnet(archive: string, destination: string): Record<(typeof parts)[number], number> {
  const unpacked = join(destination, '.unpacked');
  mkdirSync(unpacked, { recursive: true });
  unpack(archive, unpacked);
  const counts = { train: 0, val: 0, test: 0 };
  for (const part of parts) {
    for (const name of classes) mkdirSync(join(destination, part, name), { recursive: true });
    const list = readFileSync(join(unpacked, 'trashnet150-info', `one-indexed-files-notrash_${part}.txt`), 'utf8');
    for (const line of list.split('\n').filter((text) => text.trim() !== '')) {
      const [file, number] = line.trim().split(/\s+/);
      const name = classes[Number(number) - 1];
      if (!name || !/^[a-z]+\d+\.jpg$/.test(file)) throw new Error(`unexpected line in the authors' list: ${line}`);
      renameSync(join(unpacked, 'trashnet150', name, file), join(destination, part, name, file));
      counts[part]++;
    }
  }
  return counts;
}
