import { headFile, indexName, parseHead, type StoreHead, shardName, storeLimits } from '../../dataset/store/head.ts';
import { mismatch } from '../../errors.ts';
import type { ArchiveMember } from '../../formats/archive.ts';
import { type ByteSource, readAll } from '../../formats/byte-source.ts';
import { quotePath } from '../../formats/quote.ts';
import { safeName } from '../../formats/safe-name.ts';
import { readZip } from '../../formats/zip.ts';
import { runFiles } from '../run-folder.ts';
import { picturesFolder } from './take-run.ts';

/** Of a run's zip: two states of a large network and all its pictures stay below. */
const limits = { entries: 20_000, totalBytes: 2 ** 32, memberBytes: 2 ** 31 } as const;
const mostFiles = 100;

/** A run's file, looked through and not unpacked yet. */
export interface RunArchive {
  /** What the run was called; undefined where its files lie in no folder. */
  readonly name: string | undefined;
  /** Of its folder, by name: harmless names, no two of which are one on any system. */
  readonly files: ReadonlyMap<string, ArchiveMember>;
  /** The store that its pictures lie in. */
  readonly store: { readonly head: StoreHead; readonly files: ReadonlyMap<string, ArchiveMember> } | undefined;
}

/**
 * What a run's file holds, from whomever it comes. Only what a run and a store are made of is offered; anything else in it
 * is left. @throws FoveaError when it is no zip file, is damaged or too large, or holds no run or more files than one has.
 */
export async function readRunArchive(source: ByteSource, subject: string, signal?: AbortSignal): Promise<RunArchive> {
  const { members } = await readZip(source, subject, { ...limits, signal });
  const inside = members.map((member) => ({ member, steps: member.path.split('/') }));
  const description = inside.find(({ steps }) => steps.length <= 2 && steps.at(-1) === runFiles.description);
  if (!description) {
    const mend = 'Take it by "Take the run away", or by fovea runs take';
    throw mismatch('a run as a .zip file', subject, `no ${runFiles.description} in it`, mend);
  }
  const folder = description.steps.slice(0, -1);
  const below = (...deeper: string[]): { member: ArchiveMember; name: string }[] => {
    const place = [...folder, ...deeper];
    return inside
      .filter(({ steps }) => steps.length === place.length + 1 && place.every((step, i) => step === steps[i]))
      .map(({ member, steps }) => ({ member, name: steps.at(-1) as string }));
  };
  const files = new Map<string, ArchiveMember>();
  const folded = new Set<string>();
  for (const { member, name } of below()) {
    const key = name.toLowerCase();
    if (name !== safeName(name) || name === runFiles.lock || name.endsWith('.partial') || folded.has(key))
      throw mismatch("the names of a run's files", subject, quotePath(name));
    folded.add(key);
    files.set(name, member);
  }
  if (files.size > mostFiles) throw mismatch(`at most ${mostFiles} files of a run`, subject, `${files.size}`);
  return { name: folder[0], files, store: await storeOf(new Map(below(picturesFolder).map(byName)), subject) };
}

const byName = ({ member, name }: { member: ArchiveMember; name: string }) => [name, member] as const;

async function storeOf(found: ReadonlyMap<string, ArchiveMember>, subject: string): Promise<RunArchive['store']> {
  const first = found.get(headFile);
  if (!first) return undefined;
  const head = parseHead(await readAll(await first.open(), subject, storeLimits.headBytes), subject);
  const files = new Map<string, ArchiveMember>();
  for (const name of [...head.shards.map((shard) => shard.name), head.index.name]) {
    const member = shardName.test(name) || indexName.test(name) ? found.get(name) : undefined;
    if (!member) throw mismatch(`a file ${quotePath(name)}`, subject, 'none', 'Take the run away anew');
    files.set(name, member);
  }
  return { head, files };
}
