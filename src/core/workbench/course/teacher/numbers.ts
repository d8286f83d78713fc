import type { ExpectedClaim } from './expect.ts';

/** `3,072`, `0.906`, `−0.03`: at most four digits that count, with thousands apart. */
export function number(value: number): string {
  const rounded = Number(value.toPrecision(Math.abs(value) >= 1000 ? 8 : 4));
  const [whole, part] = String(Math.abs(rounded)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${rounded < 0 ? '−' : ''}${grouped}${part === undefined ? '' : `.${part}`}`;
}

/** Under what number a statement holds, and which one learners get to see. */
export function claimInWords({ claim: { between }, measured }: ExpectedClaim): string {
  const [low, high] = between;
  const holds = low === high ? `It holds with ${number(low)}` : `It holds from ${number(low)} to ${number(high)}`;
  if (measured === undefined) return `${holds}.`;
  return low === high ? `They measure ${number(measured)}.` : `They measure ${number(measured)}. ${holds}.`;
}
