import { escapeHtml } from '../../page/escape.ts';
import type { Answer } from '../lesson.ts';
import { readProse } from '../prose.ts';

/** A lesson's text as HTML; terms and sources are words like others on paper. */
export const proseHtml = (text: string): string =>
  readProse(text)
    .map(({ kind, text: words }) => {
      const safe = escapeHtml(words);
      return kind === 'emphasis' ? `<em>${safe}</em>` : kind === 'code' ? `<code>${safe}</code>` : safe;
    })
    .join('');

/** An answer as its fields: `kernel = 1, 2, 1`. */
export const answerHtml = (answer: Answer): string =>
  Object.entries(answer)
    .map(([name, value]) => `<code>${escapeHtml(name)} = ${escapeHtml(written(value))}</code>`)
    .join(', ');

const written = (value: unknown): string =>
  Array.isArray(value) ? value.map(written).join(', ') : typeof value === 'string' ? value : JSON.stringify(value);

/** The first letters of a hash, which are enough to compare aloud: `sha256:9f2a41c0` as `9f2a 41c0`. */
export const shortHash = (hash: string): string => {
  const digits = hash.slice(hash.indexOf(':') + 1);
  return `${digits.slice(0, 4)} ${digits.slice(4, 8)}`;
};
