/** What is known of the bytes that a picture was decoded from. */
export interface SourceFacts {
  /** SHA-256 of the encoded bytes, 64 hex digits. */
  readonly hash: string;
  readonly bytes: number;
  /** When the file was last changed, in milliseconds; absent where that says nothing. */
  readonly time?: number;
}

/** A line as it was read, nothing of it checked. */
export type Line = { readonly [Field in LineField]?: unknown };
type LineField =
  | 'origin'
  | 'label'
  | 'part'
  | 'group'
  | 'source'
  | 'bytes'
  | 'time'
  | 'pixels'
  | 'size'
  | 'place'
  | 'file'
  | 'reason';

export const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 16384;
export const isHex = (value: unknown, digits: number): value is string =>
  typeof value === 'string' && value.length === digits && /^[0-9a-f]*$/.test(value);
export const isWhole = (value: unknown, below: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < below;
export const isPair = (value: unknown, from: number, below: number): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every((one) => isWhole(one, below) && one >= from);

/** Undefined where it is none. */
export function readSource({ source, bytes, time }: Line): SourceFacts | undefined {
  if (!isHex(source, 64) || !isWhole(bytes, Number.MAX_SAFE_INTEGER)) return undefined;
  if (time === undefined) return { hash: source, bytes };
  return Number.isFinite(time) ? { hash: source, bytes, time: time as number } : undefined;
}
