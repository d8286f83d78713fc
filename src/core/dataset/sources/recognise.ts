import { FoveaError, mismatch } from '../../errors.ts';
import { say } from '../../say.ts';
import { type ArchiveOptions, expandArchives, isArchiveName } from './archives.ts';
import { cifar } from './cifar.ts';
import { classFolders, readClassFolders } from './class-folders.ts';
import type { Certainty, Content, Recognised, RecogniseOptions, Recogniser, SourceKind } from './content.ts';
import { idx } from './idx.ts';
import { list } from './list.ts';
import { numpy } from './numpy.ts';
import { parquet } from './parquet.ts';
import { store } from './store.ts';
import { entrySubject, filesBelow, type Tree } from './tree.ts';

/** THE LIST of recognisers. */
export const recognisers: readonly Recogniser[] = [store, idx, cifar, numpy, parquet, list, classFolders];

/** What data were taken for, and why not for something else. */
export interface Understood {
  readonly kind: SourceKind;
  readonly certainty: Certainty;
  readonly why: string;
  /** What else they could have been, and gave way. */
  readonly others: readonly { readonly kind: SourceKind; readonly certainty: Certainty; readonly why: string }[];
}

const certainties: readonly Certainty[] = ['certain', 'likely', 'possible'];

/** Archives within archives: one around all, and one a part within. */
const deepestArchive = 2;

/**
 * Finds out what a tree of files is, and reads it. Every recogniser looks at it; the surest is taken. Archives in it are
 * looked into only where nothing is recognised without: mostly they are what lies unpacked beside them.
 * @throws FoveaError when two kinds are equally sure, with the reasons of both; or when nothing is recognised.
 */
export async function readTree(
  tree: Tree,
  options: RecogniseOptions & ArchiveOptions = {},
): Promise<{ understood: Understood; content: Content }> {
  let at = tree;
  let hints: string[] = [];
  for (let depth = 0; ; depth++) {
    hints = [];
    const found = await recogniseAll(at, { ...options, onHint: (hint) => hints.push(hint) });
    if (found.length > 0) return withHints(choose(at, found, hints), hints);
    const expanded = depth < deepestArchive ? await expandArchives(at, options) : undefined;
    if (!expanded) break;
    at = expanded;
  }
  if (options.only !== undefined) {
    const mend = 'Give a folder, an archive (.zip, .tar, .tar.gz), or a file of data (.npz, .parquet, .csv, .jsonl)';
    throw mismatch('data', entrySubject(tree, { path: options.only }), 'a file of another kind', mend);
  }
  // Nothing is recognised: pictures in class folders is what most people have, and its reader says what is missing.
  const pictures = await withHints(readClassFolders(at, options.signal), hints);
  return {
    understood: { kind: 'class-folders', certainty: 'possible', why: 'Class folders.', others: [] },
    content: { pictures },
  };
}

async function recogniseAll(tree: Tree, options: RecogniseOptions): Promise<Recognised[]> {
  const found: Recognised[] = [];
  for (const recogniser of recognisers) {
    options.signal?.throwIfAborted();
    if (options.only !== undefined && recogniser.kind === 'class-folders') continue;
    const one = await recogniser.recognise(tree, options);
    if (one) found.push(one);
  }
  return found.sort((a, b) => certainties.indexOf(a.certainty) - certainties.indexOf(b.certainty));
}

/** An error that also says why the data are not what they may have been meant as. */
async function withHints<T>(work: Promise<T>, hints: readonly string[]): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof FoveaError) || hints.length === 0) throw error;
    throw new FoveaError(error.message.replace(/\.$/, ''), hints.slice(0, 3).join(' ').replace(/\.$/, ''));
  }
}

async function choose(
  tree: Tree,
  found: readonly Recognised[],
  hints: readonly string[],
): Promise<{ understood: Understood; content: Content }> {
  const [first] = found;
  // Class folders contradict nothing: lists are about them, and other formats often lie beside pictures made from them.
  const rivals = found.filter(({ kind, certainty }) => certainty === 'certain' && kind !== 'class-folders');
  if (rivals.length > 1) {
    const reasons = rivals.map(({ why }) => why.replace(/\.$/, ''));
    throw mismatch(
      'data of one kind',
      tree.subject,
      `several (${reasons.join('; ')})`,
      'Name the file or the folder of one of them',
    );
  }
  const { kind, certainty, why } = first;
  const others = found.slice(1).map((one) => ({ kind: one.kind, certainty: one.certainty, why: one.why }));
  const archives = [...filesBelow(tree.root)].filter(({ name }) => isArchiveName(name)).length;
  const notes = [
    why,
    ...hints,
    ...others.map((one) => say`It could also be read otherwise. ${one.why}`),
    ...(archives > 0 ? [say`Left out ${archives === 1 ? say`an archive` : say`${archives} archives`} beside it.`] : []),
  ];
  const content = await first.read();
  return { understood: { kind, certainty, why, others }, content: withNotes(content, notes) };
}

const withNotes = (content: Content, notes: readonly string[]): Content =>
  'pictures' in content
    ? { pictures: { ...content.pictures, notes: [...notes, ...content.pictures.notes] } }
    : { arrays: { ...content.arrays, notes: [...notes, ...content.arrays.notes] } };
