/** Red, green, blue, each 0 … 255. */
export type Colour = readonly [number, number, number];

const parse = (hex: string): Colour =>
  [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Colour;

/** Viridis (van der Walt and Smith 2015) at ten even places: even steps look even, in grey and to the colour-blind too. */
const viridisStops = '440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725'.split(' ').map(parse);
/** Blue below 0, white at 0, orange above it: a pair that the colour-blind tell apart (Okabe and Ito 2008). */
const divergingStops = ['08306b', '0072b2', '9ecae1', 'ffffff', 'fdbe85', 'd55e00', '7f2704'].map(parse);

/** A colour between stops. @param t 0 … 1; what lies outside takes the end's. */
function between(stops: readonly Colour[], t: number): Colour {
  const place = Math.max(0, Math.min(1, t)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  const [a, b] = [stops[low], stops[low + 1]];
  const share = place - low;
  return [0, 1, 2].map((c) => Math.round(a[c] + share * (b[c] - a[c]))) as unknown as Colour;
}

export const viridis = (t: number): Colour => between(viridisStops, t);
/** @param t -1 … 1. */
export const diverging = (t: number): Colour => between(divergingStops, (t + 1) / 2);
/** What is no number. */
export const unknown: Colour = [255, 0, 255];

/** The colour of a value of a panel. */
export function colourOf(value: number, scale: 'signed' | 'positive', low: number, high: number): Colour {
  if (Number.isNaN(value)) return unknown;
  if (scale === 'signed') return diverging(high > 0 ? value / high : 0);
  return viridis(high > low ? (value - low) / (high - low) : 0);
}
