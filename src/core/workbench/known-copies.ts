import { contentHashes } from '../dataset/content-hash.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { type NearCopies, nearCopies } from '../dataset/near-copies.ts';
import { sha256Hex } from '../dataset/store/files.ts';
import type { Adapters } from './adapters.ts';

/** Of fewer pictures searching takes no time that a person would notice. */
const fewest = 2000;
/** Changes when the search may find others. */
const search = 'near-copies 1';

/**
 * Near copies, searched for once: what was found is kept by what the pictures are, wherever they lie. A second training
 * on a prepared store reads no picture for it.
 */
export async function knownCopies({ cache }: Pick<Adapters, 'cache'>, sets: readonly Dataset[]): Promise<NearCopies> {
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  if (!cache || count < fewest) return nearCopies(sets);
  const name = `near-copies-${(await keyOf(sets)).slice(0, 32)}.json`;
  const kept = await cache.read(name);
  const known = kept && readCopies(kept, count);
  if (known) return known;
  const found = nearCopies(sets);
  await cache.write(name, new TextEncoder().encode(JSON.stringify({ search, count, ...found })));
  return found;
}

/** What the search looks at: sizes and pixels, in their order; not names, labels or where pictures lie. */
function keyOf(sets: readonly Dataset[]): Promise<string> {
  const pieces = sets.flatMap((set) => [
    `${set.count}x${set.height}x${set.width}x${set.channels}`,
    ...contentHashes(set),
  ]);
  return sha256Hex(new TextEncoder().encode(`${search}\n${pieces.join('\n')}\n`));
}

/** Undefined where it is anything else than what was written: it is then searched for again. */
function readCopies(bytes: Uint8Array, count: number): NearCopies | undefined {
  let value: { search?: unknown; count?: unknown; groups?: unknown; complete?: unknown } | null;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (value?.search !== search || value.count !== count || typeof value.complete !== 'boolean') return undefined;
  const { groups, complete } = value;
  const isGroup = (group: unknown): group is number[] =>
    Array.isArray(group) &&
    group.length > 1 &&
    group.every((one, i) => Number.isInteger(one) && one < count && one > (i === 0 ? -1 : group[i - 1]));
  return Array.isArray(groups) && groups.every(isGroup) ? { groups, complete } : undefined;
}
