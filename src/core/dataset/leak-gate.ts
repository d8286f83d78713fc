import { FoveaError } from '../errors.ts';
import { samePictures } from './content-hash.ts';
import { type DataSource, type Dataset, type Part, parts, subset } from './dataset.ts';
import type { DuplicateGroup } from './duplicates.ts';
import { type NearCopies, nearCopies } from './near-copies.ts';

/** A picture whose copy lies in a stricter part: what is learnt from it makes the judgement there too good. */
export interface Leak {
  readonly kind: DuplicateGroup['kind'];
  readonly origin: string;
  readonly part: Part;
  /** Its copy in the stricter part, which wins. */
  readonly copy: string;
  readonly copyPart: Part;
}

/** How a picture is named: where it came from, or its part and its number in it, from 0. */
export const originOf = (dataset: Dataset, part: Part, index: number): string =>
  dataset.origins?.[index] ?? `${part}/${index}`;

/**
 * Pictures that have a copy in a stricter part (test before val before train), in ascending order; the copy named is the
 * first in the strictest part. @param partOf undefined: the picture is in no part and counts for nothing.
 */
export function straddling(
  groups: readonly DuplicateGroup[],
  partOf: (index: number) => Part | undefined,
): { readonly index: number; readonly copy: number; readonly kind: DuplicateGroup['kind'] }[] {
  const found = new Map<number, { index: number; copy: number; kind: DuplicateGroup['kind'] }>();
  const rankOf = (index: number): number => {
    const part = partOf(index);
    return part === undefined ? -1 : parts.indexOf(part);
  };
  // Exact copies first: a picture that is in both kinds of group is told as what is surer.
  for (const { kind, members } of [...groups].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))) {
    const strictest = Math.max(...members.map(rankOf));
    const copy = members.find((index) => rankOf(index) === strictest)!;
    for (const index of members) {
      const rank = rankOf(index);
      if (rank >= 0 && rank < strictest && !found.has(index)) found.set(index, { index, copy, kind });
    }
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}

/** What the gate let through, and what it found. */
export interface Gated {
  readonly source: DataSource;
  readonly leaks: Leak[];
  /** Training pictures that look the same, by their numbers in the train part that was let through. */
  readonly alike: readonly (readonly number[])[];
  /** False where too many pictures look alike to compare them all: more near copies may be there. */
  readonly complete: boolean;
}

/** The parts that a source has, and their pictures, in the order in which near copies count through them. */
export function setsOf(source: DataSource): { readonly there: readonly Part[]; readonly sets: readonly Dataset[] } {
  const there = parts.filter((part) => source[part] !== undefined);
  return { there, sets: there.map((part) => source[part] as Dataset) };
}

/**
 * Takes out of train, and of val, what the model would see again in a stricter part: equal pixel for pixel at its own input
 * size, or the same picture encoded again, scaled or slightly changed (see `nearCopies`). Test pictures are compared with
 * the others, and read for nothing else.
 * @param keep finds them and takes none out.
 * @param copies of `setsOf(source)`, where they are known. @throws FoveaError when nothing would be left to train on.
 */
export function gateLeaks(source: DataSource, keep = false, copies?: NearCopies): Gated {
  const { there, sets } = setsOf(source);
  const begins: number[] = [0];
  for (const { count } of sets) begins.push(begins[begins.length - 1] + count);
  const setOf = (index: number): number => begins.findIndex((begin) => begin > index) - 1;
  const { groups, complete } = copies ?? nearCopies(sets);
  const near = groups.map((members) => ({ kind: 'near' as const, members }));
  if (sets.length < 2)
    return { source, leaks: [], alike: there[0] === 'train' ? near.map(({ members }) => members) : [], complete };
  const exact = samePictures(sets).map((places) => ({
    kind: 'exact' as const,
    members: places.map(({ set, index }) => begins[set] + index),
  }));
  const nameOf = (index: number): string =>
    originOf(sets[setOf(index)], there[setOf(index)], index - begins[setOf(index)]);
  const found = straddling([...exact, ...near], (index) => there[setOf(index)]);
  const leaks = found.map(
    ({ index, copy, kind }): Leak => ({
      kind,
      origin: nameOf(index),
      part: there[setOf(index)],
      copy: nameOf(copy),
      copyPart: there[setOf(copy)],
    }),
  );
  const out = new Set(keep ? [] : found.map(({ index }) => index));
  const gated: Partial<Record<Part, Dataset | undefined>> = {};
  let alike: number[][] = [];
  sets.forEach((dataset, set) => {
    const stay: number[] = [];
    for (let i = 0; i < dataset.count; i++) if (!out.has(begins[set] + i)) stay.push(i);
    if (there[set] === 'train') {
      const places = new Map(stay.map((from, to) => [from + begins[set], to]));
      alike = near
        .map(({ members }) => members.flatMap((index) => places.get(index) ?? []))
        .filter((members) => members.length > 1);
    }
    if (stay.length === dataset.count) return;
    if (stay.length === 0 && there[set] === 'train') {
      throw new FoveaError(
        `Every training picture of '${source.name}' lies in its test or val part too`,
        'Split the data anew with fovea data split, or leave the copies with --keep-leaks',
      );
    }
    gated[there[set]] = stay.length === 0 ? undefined : subset(dataset, stay);
  });
  return { source: out.size === 0 ? source : { ...source, ...gated }, leaks, alike, complete };
}

/** A sentence for a person, or none where nothing leaks. */
export function leakNote(leaks: readonly Leak[], kept: boolean): string | undefined {
  if (leaks.length === 0) return undefined;
  const [{ origin, copy, copyPart }] = leaks;
  const one = leaks.length === 1;
  const near = leaks.filter(({ kind }) => kind === 'near').length;
  const count = one
    ? `1 picture has a ${near === 1 ? 'near ' : ''}copy`
    : `${leaks.length} pictures have copies${near === 0 ? '' : ` (${near} of them near copies)`}`;
  const done = kept
    ? `${one ? 'It stays' : 'They stay'}, so what is measured there is too good`
    : `The copy there wins, ${one ? 'it is' : 'they are'} left out`;
  return `Leak: ${count} in a part that judges them, such as '${origin}' as '${copy}' in ${copyPart}. ${done}.`;
}
