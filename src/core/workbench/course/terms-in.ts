import type { Glossary, TermName } from './glossary.ts';

/** A piece of a text: as it is, or a term of the field. */
export interface TermSpan {
  readonly text: string;
  readonly term?: TermName;
}

/** Finds the terms of the field in a text of the interface, each where it first stands. */
export type TermFinder = (text: string) => readonly TermSpan[];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A finder for the forms of a glossary: whole words, longer forms before shorter ones, in any case. */
export function termFinder(glossary: Glossary): TermFinder {
  const names = new Map<string, TermName>();
  for (const [name, [word, , ...forms]] of Object.entries(glossary) as [TermName, Glossary[TermName]][]) {
    for (const form of [word, ...forms]) names.set(form.toLowerCase(), name);
  }
  const forms = [...names.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${forms.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  return (text) => {
    const spans: TermSpan[] = [];
    const met = new Set<TermName>();
    let end = 0;
    for (const { 0: form, index } of text.matchAll(pattern)) {
      const term = names.get(form.toLowerCase());
      if (term === undefined || met.has(term)) continue;
      met.add(term);
      if (index > end) spans.push({ text: text.slice(end, index) });
      spans.push({ text: form, term });
      end = index + form.length;
    }
    if (end < text.length) spans.push({ text: text.slice(end) });
    return spans;
  };
}
