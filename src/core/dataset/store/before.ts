import { FoveaError, mismatch } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import { checkShardSize, readIndex, shardProblem } from './check.ts';
import type { StoreFiles } from './files.ts';
import {
  headFile,
  indexName,
  journalFile,
  type StoreHead,
  type StoreSettings,
  type StoreShard,
  sameSettings,
  shardName,
  workName,
} from './head.ts';
import type { StoreIndex } from './index-lines.ts';
import { readJournal } from './journal.ts';
import type { Known, PixelFile } from './plan.ts';
import { readHead } from './read-store.ts';
import { nextNumber } from './shard-writer.ts';

/** What is there before: a store, and what a preparation that was stopped left. */
export interface Before {
  readonly head: StoreHead | undefined;
  readonly known: readonly Known[];
  readonly files: readonly PixelFile[];
  readonly shards: ReadonlyMap<string, StoreShard>;
  readonly damaged: readonly string[];
  /** Pictures of the store, by name. */
  readonly origins: ReadonlySet<string>;
  readonly resumes: boolean;
  readonly firstNumber: number;
}

/** What a preparation needs to know to find out what is there. */
export interface LookRequest {
  readonly files: StoreFiles;
  readonly settings: StoreSettings;
  readonly content: { readonly name: string; readonly from: string };
  readonly verify?: boolean;
}

/** @param size bytes of a picture. @throws FoveaError when the folder holds anything else, or the store of other data. */
export async function lookBefore({ files, settings, content, verify }: LookRequest, size: number): Promise<Before> {
  const there = await files.list();
  const foreign = [...there.keys()].find((name) => !isOurs(name));
  if (foreign !== undefined) {
    const mend = 'Choose another folder with --out';
    throw mismatch('a folder of a store, or none', quotePath(files.path), `one with ${quotePath(foreign)}`, mend);
  }
  const head = there.has(headFile) ? await readHead(files) : undefined;
  if (head && head.name !== content.name && head.from !== content.from) {
    throw new FoveaError(
      `'${files.path}' holds the store of other data, '${head.from}'`,
      'Choose another folder with --out, or remove it',
    );
  }
  const left = await readJournal(files, there, settings, size);
  const nothing = { known: [], files: [], shards: [], damaged: [] };
  const index = head && (await readIndex(head, await files.open(head.index.name), files.path));
  const store =
    head && index && sameSettings(head.settings, settings) ? await knownOf(head, index, files, there, verify) : nothing;
  return {
    head,
    known: [...store.known, ...(left?.known ?? [])],
    files: [...store.files, ...(left?.files ?? [])],
    shards: new Map([...store.shards, ...(left?.shards ?? [])].map((shard) => [shard.name, shard])),
    damaged: store.damaged,
    origins: new Set(index?.pictures.map(({ origin }) => origin)),
    resumes: left !== undefined,
    firstNumber: nextNumber(there.keys()),
  };
}

const isOurs = (name: string): boolean =>
  name === headFile ||
  name === journalFile ||
  shardName.test(name) ||
  indexName.test(name) ||
  workName.test(name) ||
  /^\.|\.partial$/.test(name);

/** What a store knows; pictures of shards that are not as they were count as unknown. */
async function knownOf(
  head: StoreHead,
  index: StoreIndex,
  files: StoreFiles,
  there: ReadonlyMap<string, number>,
  verify = false,
): Promise<{ known: Known[]; files: PixelFile[]; shards: StoreShard[]; damaged: string[] }> {
  const damaged: string[] = [];
  const good = new Set<StoreShard>();
  for (const shard of head.shards) {
    if (!verify) checkShardSize(head, shard, there.get(shard.name), files.path);
    const problem = verify ? await shardProblem(head, shard, files.open, files.path) : undefined;
    if (problem === undefined) good.add(shard);
    else damaged.push(problem);
  }
  const known: Known[] = index.skipped.flatMap((skip) => (skip.source ? [{ ...skip, source: skip.source }] : []));
  for (const { origin, source, pixels, height, width, shard, place } of index.pictures) {
    const file = head.shards[shard];
    if (good.has(file)) known.push({ origin, source, file: file.name, place, pixels, height, width });
  }
  const shards = [...good];
  return { known, files: shards.map(({ name, pictures }) => ({ name, pictures, isShard: true })), shards, damaged };
}
