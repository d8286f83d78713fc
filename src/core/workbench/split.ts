import { type Part, parts, type Skipped } from '../dataset/dataset.ts';
import { type DuplicateGroup, findDuplicates } from '../dataset/duplicates.ts';
import type { PictureFacts } from '../dataset/facts.ts';
import { type Leak, leakNote, straddling } from '../dataset/leak-gate.ts';
import { type SplitShares, splitPictures } from '../dataset/split.ts';
import { createSplitFile, formatSplitFile, type SplitEntry, type SplitFile } from '../dataset/split-file.ts';
import { FoveaError, invalid, mismatch } from '../errors.ts';
import type { Adapters } from './adapters.ts';
import { readSplit } from './read-split.ts';
import type { VerbOptions } from './verb.ts';

export interface SplitRequest {
  /** A built-in set or a path. */
  readonly data: string;
  /** The file to write. A split that is there already is kept, and only new pictures are placed. */
  readonly out: string;
  /** Shares of all pictures. Default 0.15 each, where the data have no such part of their own. */
  readonly val?: number;
  readonly test?: number;
  readonly seed?: number;
  /** A regular expression over origins: what its first group matches, or all of it, names a group that stays together. */
  readonly group?: string;
  /** Pictures with a copy in a stricter part of the data stay. */
  readonly keepLeaks?: boolean;
}

export interface SplitOutcome {
  readonly file: string;
  readonly hash: string;
  readonly seed: number;
  readonly shares: SplitShares;
  readonly images: Readonly<Record<Part | 'out', number>>;
  readonly classes: readonly ({ readonly class: string } & Readonly<Record<Part, number>>)[];
  /** Of an earlier split: pictures that kept their place, new ones, ones that are in the data no more. */
  readonly earlier: { readonly kept: number; readonly added: number; readonly gone: number } | undefined;
  readonly groups: number;
  /** Groups of pictures that are one picture. */
  readonly duplicates: Readonly<Record<DuplicateGroup['kind'], number>>;
  readonly leaks: readonly Leak[];
  /** Pictures that cannot be read are in no part. */
  readonly skipped: readonly Skipped[];
  readonly notes: readonly string[];
}

const defaultShare = 0.15;

/** Deals pictures out to train, val and test, and writes down who got which. @throws FoveaError. */
export async function splitData(
  adapters: Adapters,
  request: SplitRequest,
  { signal, onEvent }: VerbOptions = {},
): Promise<SplitOutcome> {
  const { storage } = adapters;
  const { data, out, keepLeaks = false } = request;
  const groupOf = groupPattern(request.group);
  const earlier = (await storage.kind(out)) === undefined ? undefined : await readSplit(storage, out);
  const surveyed = await adapters.survey(data, {
    signal,
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
  signal?.throwIfAborted();
  const { classNames } = surveyed;
  const facts = surveyed.facts.filter(({ problem }) => problem === undefined);
  const skipped = [
    ...surveyed.skipped,
    ...surveyed.facts.flatMap(({ origin, problem }) => (problem === undefined ? [] : [{ origin, reason: problem }])),
  ];
  if (facts.length === 0) throw mismatch('pictures that can be read', `'${data}'`, 'none');
  const own = new Set(facts.map(({ part }) => part));
  const { shares, seed } = settings(request, own, earlier);
  const groups = facts.map((one) => groupOf(one.origin) ?? one.group);
  if (request.group !== undefined && groups.every((group) => group === undefined)) {
    throw invalid(
      'a pattern that fits some pictures',
      "option 'group'",
      request.group,
      `They are named like '${facts[0].origin}'`,
    );
  }
  const duplicates = findDuplicates(facts);
  const before = earlierPlaces(facts, earlier);
  // A part that the data came with is theirs; all other pictures may go where they are wanted.
  const theirs = (part: Part | undefined): Part | undefined => (part === 'train' ? undefined : part);
  const kept = facts.map(({ part }, i) => theirs(part) ?? before[i]);
  const pictures = facts.map(({ label, pixelHash }, i) => ({
    label,
    hash: pixelHash,
    group: groups[i],
    part: kept[i],
  }));
  const together = duplicates.map(({ members }) => members);
  const dealt = splitPictures(pictures, { shares, seed, together }).map((part, i) =>
    // Nothing is added to a part that the data came with: what belongs to it and lies elsewhere is a leak, below.
    kept[i] === undefined && part !== 'train' && own.has(part) ? 'train' : part,
  );
  const found = straddling(duplicates, (i) => dealt[i]);
  const leaks = found.map(
    ({ index, copy, kind }): Leak => ({
      kind,
      origin: facts[index].origin,
      part: dealt[index],
      copy: facts[copy].origin,
      copyPart: dealt[copy],
    }),
  );
  const copies = new Map(keepLeaks ? [] : leaks.map(({ origin, copy }) => [origin, copy]));
  const entries = facts.map(({ origin, pixelHash, label }, i): SplitEntry => {
    const copy = copies.get(origin);
    const group = groups[i] === undefined ? {} : { group: groups[i] };
    return {
      origin,
      hash: pixelHash,
      class: classNames[label],
      part: copy === undefined ? dealt[i] : 'out',
      ...group,
      ...(copy === undefined ? {} : { copy }),
    };
  });
  checkParts(entries, shares, data);
  const split = await createSplitFile({ data: adapters.resolveData(data), seed, shares, pictures: entries });
  signal?.throwIfAborted();
  await storage.write(out, formatSplitFile(split));
  const notes = [leakNote(leaks, keepLeaks), torn(groups, dealt)].filter((note) => note !== undefined);
  for (const text of notes) onEvent?.({ kind: 'note', text });
  const count = (part: SplitEntry['part'], name?: string): number =>
    entries.filter((entry) => entry.part === part && (name === undefined || entry.class === name)).length;
  const keptBefore = before.filter((part) => part !== undefined).length;
  return {
    file: out,
    hash: split.hash,
    seed,
    shares,
    images: { train: count('train'), val: count('val'), test: count('test'), out: count('out') },
    classes: classNames.map((name) => ({
      class: name,
      train: count('train', name),
      val: count('val', name),
      test: count('test', name),
    })),
    earlier: earlier && {
      kept: keptBefore,
      added: facts.length - keptBefore,
      gone: goneSince(earlier, facts),
    },
    groups: new Set(groups.filter((group) => group !== undefined)).size,
    duplicates: {
      exact: duplicates.filter(({ kind }) => kind === 'exact').length,
      near: duplicates.filter(({ kind }) => kind === 'near').length,
    },
    leaks,
    skipped,
    notes,
  };
}

/** Seed and shares: of the earlier split, else as asked, else the usual. @throws FoveaError where these contradict. */
function settings(
  request: SplitRequest,
  own: ReadonlySet<Part | undefined>,
  earlier: SplitFile | undefined,
): { shares: SplitShares; seed: number } {
  if (earlier) {
    const was = { ...earlier.shares, seed: earlier.seed };
    for (const name of ['val', 'test', 'seed'] as const) {
      const asked = request[name];
      if (asked === undefined || asked === was[name]) continue;
      const mend = 'Leave it out to place new pictures, or write another file';
      throw invalid(`${was[name]}, as in the split that is there,`, `option '${name}'`, asked, mend);
    }
    return { shares: earlier.shares, seed: earlier.seed };
  }
  const shareOf = (part: 'val' | 'test'): number => {
    if (!own.has(part)) return request[part] ?? defaultShare;
    if (request[part] === undefined) return 0;
    throw new FoveaError(
      `The data have a ${part} part of their own, so option '${part}' cannot be given`,
      'Leave it out',
    );
  };
  return { shares: { val: shareOf('val'), test: shareOf('test') }, seed: request.seed ?? 1 };
}

function groupPattern(pattern: string | undefined): (origin: string) => string | undefined {
  if (pattern === undefined) return () => undefined;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch {
    throw invalid("a regular expression, such as 'patient[0-9]+',", "option 'group'", pattern);
  }
  return (origin) => {
    const match = expression.exec(origin);
    return match ? (match[1] ?? match[0]) : undefined;
  };
}

/** The place that each picture had: by its name and content, else by its content alone, so that it may be renamed. */
function earlierPlaces(facts: readonly PictureFacts[], earlier: SplitFile | undefined): (Part | undefined)[] {
  const named = new Map<string, Part>();
  const byHash = new Map<string, Part>();
  for (const { origin, hash, part } of earlier?.pictures ?? []) {
    if (part === 'out') continue;
    named.set(`${hash} ${origin}`, part);
    const other = byHash.get(hash);
    if (other === undefined || parts.indexOf(other) < parts.indexOf(part)) byHash.set(hash, part);
  }
  return facts.map(({ origin, pixelHash }) => named.get(`${pixelHash} ${origin}`) ?? byHash.get(pixelHash));
}

function goneSince(earlier: SplitFile, facts: readonly PictureFacts[]): number {
  const there = new Set(facts.map(({ pixelHash }) => pixelHash));
  return earlier.pictures.filter(({ hash }) => !there.has(hash)).length;
}

function checkParts(entries: readonly SplitEntry[], shares: SplitShares, data: string): void {
  for (const part of parts) {
    if (entries.some((entry) => entry.part === part) || (part !== 'train' && shares[part] === 0)) continue;
    const mend = 'Add pictures, or choose other shares';
    throw mismatch(`pictures in ${part}`, `the split of '${data}'`, 'none', mend);
  }
}

/** A sentence where groups lie on both sides of a line that the data came with. */
function torn(groups: readonly (string | undefined)[], dealt: readonly Part[]): string | undefined {
  const partsOf = new Map<string, Set<Part>>();
  groups.forEach((group, i) => {
    if (group !== undefined) partsOf.set(group, (partsOf.get(group) ?? new Set()).add(dealt[i]));
  });
  const several = [...partsOf].filter(([, held]) => held.size > 1);
  if (several.length === 0) return undefined;
  const count = several.length === 1 ? '1 group lies' : `${several.length} groups lie`;
  return `${count} in several parts as the data came or were split before, such as '${several[0][0]}'.`;
}
