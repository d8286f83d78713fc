import { isTerm, type TermName } from './glossary.ts';
import { isSource, type SourceName } from './sources.ts';

/** A piece of a text: as it is, or with a meaning. */
export type Span =
  | { readonly kind: 'plain' | 'emphasis' | 'code'; readonly text: string }
  | { readonly kind: 'term'; readonly text: string; readonly term: TermName }
  | { readonly kind: 'source'; readonly text: string; readonly source: SourceName };

const marks = /\*([^*]+)\*|`([^`]+)`|\[([^\]]+)\]\((term|source):([\w-]+)\)/g;

/** Cuts a lesson's text into spans; see `Block`. @throws Error for a term or source that is not listed: a mistake of ours. */
export function readProse(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(marks)) {
    const [whole, emphasis, code, words, kind, name] = match;
    if (match.index > end) spans.push({ kind: 'plain', text: text.slice(end, match.index) });
    end = match.index + whole.length;
    if (emphasis?.includes('](')) throw new Error(`no link within emphasis: ${whole}`);
    if (emphasis !== undefined) spans.push({ kind: 'emphasis', text: emphasis });
    else if (code !== undefined) spans.push({ kind: 'code', text: code });
    else if (kind === 'term' && isTerm(name)) spans.push({ kind: 'term', text: words, term: name });
    else if (kind === 'source' && isSource(name)) spans.push({ kind: 'source', text: words, source: name });
    else throw new Error(`no ${kind} '${name}'`);
  }
  if (end < text.length) spans.push({ kind: 'plain', text: text.slice(end) });
  return spans;
}

/** The text alone. */
export const plainText = (text: string): string =>
  readProse(text)
    .map((span) => span.text)
    .join('');

export const countWords = (text: string): number =>
  plainText(text)
    .split(/\s+/)
    .filter((word) => /\w/.test(word)).length;
