import { workName } from './head.ts';
import { isHex, isPair, isText, isWhole, type Line, readSource } from './line-fields.ts';
import { hasPixels, type Known } from './plan.ts';

/** What the journal notes of a picture that was looked at. */
export function knownLine(known: Known): unknown {
  const { origin, source } = known;
  const of = { origin, source: source.hash, bytes: source.bytes, time: source.time };
  if (!hasPixels(known)) return { ...of, reason: known.reason };
  const { file, place, pixels, height, width } = known;
  return { ...of, file, place, pixels, size: [height, width] };
}

/** Reads such a line; undefined where it is none. */
export function readKnown(value: unknown): Known | undefined {
  const line = value as Line;
  const { origin, reason, file, place, pixels, size } = line;
  const source = readSource(line);
  if (!source || !isText(origin)) return undefined;
  if (isText(reason)) return { origin, reason, source };
  if (!isText(file) || !workName.test(file) || !isWhole(place, 2 ** 31)) return undefined;
  if (!isHex(pixels, 32) || !isPair(size, 1, 2 ** 31)) return undefined;
  return { origin, source, file, place, pixels, height: size[0], width: size[1] };
}
