import { archiveTree } from '../../src/core/dataset/sources/archives.ts';
import type { Content } from '../../src/core/dataset/sources/content.ts';
import { readTree, type Understood } from '../../src/core/dataset/sources/recognise.ts';
import { growFolder, type Tree } from '../../src/core/dataset/sources/tree.ts';
import { bytesSource } from '../../src/core/formats/byte-source.ts';
import type { Files } from './fixtures.ts';

/** Files in memory as a tree. */
export function treeOf(files: Files, name = 'data'): Tree {
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    size: content.length,
    open: async () => bytesSource(content),
  }));
  const { root, skipped } = growFolder(entries);
  return { name, subject: `'${name}'`, root, skipped, notes: [] };
}

/** Recognises and reads files in memory, with no host at all. */
export const readFiles = (files: Files, only?: string): Promise<{ understood: Understood; content: Content }> =>
  readTree(treeOf(files), { only });

/** An archive in memory, recognised and read. */
export async function readArchive(
  content: Uint8Array,
  name: string,
): Promise<{ understood: Understood; content: Content }> {
  const tree = await archiveTree(bytesSource(content), name, `'${name}'`);
  return readTree(tree ?? treeOf({ [name]: content }));
}

/** What a test compares: classes, and for each part the labels and the first byte of each picture. */
export async function summary({ understood, content }: { understood: Understood; content: Content }) {
  if ('pictures' in content) {
    const { pictures, classNames, notes, skipped } = content.pictures;
    return {
      kind: understood.kind,
      classNames,
      notes,
      skipped,
      pictures: pictures.map(
        ({ origin, label, part, group }) => `${part} ${classNames[label]} ${origin}${group ? ` ${group}` : ''}`,
      ),
    };
  }
  const { train, val, test, notes, skipped } = content.arrays;
  const first = (train ?? val ?? test)!;
  return {
    kind: understood.kind,
    classNames: first.classNames,
    notes,
    skipped,
    size: [first.height, first.width, first.channels],
    labels: [train, val, test].map((part) => part && [...part.labels]),
    train,
  };
}
