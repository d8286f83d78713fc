import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The templates of all sentences that sources mark by `say`: `{1}`, `{2}` stand for the values. Comments, texts and
 * regular expressions are passed over; what stands within a value is looked through, too.
 */
export function sentencesIn(source: string): string[] {
  const found: string[] = [];
  /** @param at behind the opening backtick. @returns behind the closing one. */
  const template = (at: number, said: boolean): number => {
    let text = '';
    let values = 0;
    for (let i = at; ; ) {
      if (i >= source.length) throw new Error(`a template without an end: ${source.slice(at, at + 40)}`);
      if (source[i] === '`') {
        if (said) found.push(text);
        return i + 1;
      }
      if (source.startsWith('${', i)) {
        text += `{${++values}}`;
        i = code(i + 2, true);
      } else if (source[i] === '\\') {
        text += source[i + 1];
        i += 2;
      } else text += source[i++];
    }
  };
  /** @returns behind the brace that closes a value, or the end. */
  const code = (at: number, within: boolean): number => {
    let depth = 0;
    for (let i = at; i < source.length; ) {
      const before = source.slice(Math.max(0, i - 12), i);
      if (source.startsWith('//', i)) i = after(source.indexOf('\n', i), source.length);
      else if (source.startsWith('/*', i)) i = source.indexOf('*/', i) + 2;
      else if (source[i] === '/' && /(?:[=(,:?&|!>+[]|\breturn)\s*$/.test(before)) i = behindPattern(source, i);
      else if (source[i] === "'" || source[i] === '"') i = behindText(source, i);
      else if (source[i] === '`') i = template(i + 1, /\bsay$/.test(before));
      else {
        if (source[i] === '}' && depth-- === 0 && within) return i + 1;
        if (source[i] === '{') depth++;
        i++;
      }
    }
    return source.length;
  };
  code(0, false);
  return found;
}

const after = (found: number, end: number): number => (found < 0 ? end : found + 1);

function behindText(source: string, at: number): number {
  let i = at + 1;
  while (i < source.length && source[i] !== source[at]) i += source[i] === '\\' ? 2 : 1;
  return i + 1;
}

function behindPattern(source: string, at: number): number {
  let set = false;
  let i = at + 1;
  for (; i < source.length && (set || source[i] !== '/'); i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === '[') set = true;
    else if (source[i] === ']') set = false;
  }
  return i + 1;
}

/** All of a folder and those below it, tests left out. */
export function sentencesBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !/\.test\.ts$|(^|[\\/])say\.ts$/.test(file));
  const saying = sources
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .filter((text) => text.includes('say`'));
  return [...new Set(saying.flatMap(sentencesIn))];
}
