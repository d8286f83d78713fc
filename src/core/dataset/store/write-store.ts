import type { Skipped } from '../dataset.ts';
import type { Before } from './before.ts';
import { sha256Hex } from './files.ts';
import { formatHead, headFile, type StoreHead, type StoreShard } from './head.ts';
import { formatIndex, type StoredPicture, type StoredSkip } from './index-lines.ts';
import type { SourceFacts } from './line-fields.ts';
import { hasPixels, type KnownPixels } from './plan.ts';
import type { PreparedStore, StoreRequest } from './prepare.ts';

/** What came of a picture: pixels somewhere, or a reason; a source only where its bytes could be read. */
export type Result = KnownPixels | (Skipped & { readonly source?: SourceFacts });

/** Writes the index and then the head, and removes what neither means. */
export async function writeStore(
  { files, settings, content, now }: StoreRequest,
  before: Before,
  placed: readonly Result[],
  shards: ReadonlyMap<string, StoreShard>,
): Promise<Pick<PreparedStore, 'head' | 'skipped' | 'unchanged'>> {
  const used: StoreShard[] = [];
  const numbers = new Map<string, number>();
  const pictures: StoredPicture[] = [];
  const skipped: StoredSkip[] = [...content.skipped];
  placed.forEach((result, i) => {
    if (!hasPixels(result)) {
      skipped.push(result);
      return;
    }
    const { source, file, place, pixels, height, width } = result;
    let shard = numbers.get(file);
    if (shard === undefined) {
      numbers.set(file, (shard = used.length));
      used.push(shards.get(file)!);
    }
    const { origin, label, part, group } = content.inputs[i];
    const of = { origin, label, part, ...(group === undefined ? {} : { group }) };
    pictures.push({ ...of, source, pixels, height, width, shard, place });
  });
  const index = new TextEncoder().encode(formatIndex({ pictures, skipped }));
  const hash = await sha256Hex(index);
  const { name, from, stamp, classNames, notes } = content;
  const head: StoreHead = {
    format: 'fovea-store',
    version: 1,
    ...{ name, from, ...(stamp === undefined ? {} : { stamp }), created: now() },
    classNames: [...classNames],
    settings,
    pictures: pictures.length,
    skipped: skipped.length,
    index: { name: `index-${hash.slice(0, 16)}.jsonl`, bytes: index.length, sha256: hash },
    shards: used,
    notes: [...notes],
  };
  const was = before.head;
  const same = was !== undefined && sameHead(was, head);
  if (!same) {
    await files.write(head.index.name, index);
    await files.write(headFile, formatHead(head));
  }
  const wanted = new Set([headFile, head.index.name, ...used.map((shard) => shard.name)]);
  for (const file of (await files.list()).keys())
    if (!wanted.has(file) && !file.startsWith('.')) await files.remove(file);
  const told = skipped.map(({ origin, reason }) => ({ origin, reason }));
  return { head: same ? was : head, skipped: told, unchanged: was !== undefined && sameHead({ ...was, stamp }, head) };
}

const sameHead = (a: StoreHead, b: StoreHead): boolean =>
  JSON.stringify({ ...a, created: '' }) === JSON.stringify({ ...b, created: '' });
