import { say } from '../../say.ts';
/** Numbers within sentences; the same in every locale. */

/** A share as `12 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A difference of shares as `3.2 points`. */
export const points = (difference: number): string => say`${(difference * 100).toFixed(1)} points`;

/** A loss, a norm or a ratio with three figures: `0.0312`, `2.3`, `1.2e-5`. */
export const figure = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : say`not finite`;

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  const quoted = names.slice(0, most).map((name) => `'${name}'`);
  const more = names.length - quoted.length;
  if (more > 0) return say`${quoted.join(', ')} and ${more} more`;
  return quoted.length < 2 ? quoted.join('') : say`${quoted.slice(0, -1).join(', ')} and ${quoted[quoted.length - 1]}`;
}
