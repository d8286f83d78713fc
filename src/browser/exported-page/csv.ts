import type { Prediction } from '../../core/classifier/classify.ts';

/** One picture file and what came of it. */
export interface NamedAnswer {
  readonly name: string;
  readonly all?: readonly Prediction[];
  readonly unknown?: boolean;
  readonly error?: string;
}

/**
 * A table of answers (RFC 4180): file, class, probability, whether it is unknown, the error, and the probability of each
 * class in full.
 */
export function csvOf(answers: readonly NamedAnswer[], classNames: readonly string[]): string {
  const head = ['file', 'class', 'probability', 'unknown', 'error', ...classNames.map((name) => `p(${name})`)];
  const rows = answers.map(({ name, all = [], unknown, error = '' }) => {
    const by = new Map(all.map((one) => [one.class, one.probability]));
    const [first] = all;
    const answer = first ? [first.class, first.probability, String(unknown === true)] : ['', '', ''];
    return [name, ...answer, error, ...classNames.map((one) => by.get(one) ?? '')];
  });
  return `${[head, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  // A spreadsheet would compute what begins so.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
