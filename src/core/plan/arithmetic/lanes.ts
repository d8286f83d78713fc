import { type Expression, number, sum } from './expression.ts';

/**
 * A sum along a row as kernels with four lanes take it: every fourth term by itself, the four sums in pairs, then what is
 * left of the row one after the other.
 */
export function laneSum(terms: readonly Expression[]): Expression {
  const whole = terms.length - (terms.length % 4);
  const start = number(0, 'start');
  const lanes = [0, 1, 2, 3].map((lane) => sum([start, ...terms.slice(0, whole).filter((_, i) => i % 4 === lane)]));
  const four = sum([sum(lanes.slice(0, 2)), sum(lanes.slice(2))]);
  if (whole === 0) return sum([start, ...terms]);
  return terms.length > whole ? sum([four, ...terms.slice(whole)]) : four;
}
