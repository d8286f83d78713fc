import { useEffect, useState } from 'react';
import type { Glossary } from '../../core/workbench/course/glossary.ts';
import type { TermFinder } from '../../core/workbench/course/terms-in.ts';
import { type LanguageCode, useWords } from '../words/use-words.tsx';

/** The terms of the field in the language of the interface. */
export interface Terms {
  readonly glossary: Glossary;
  readonly find: TermFinder;
}

/** THE LIST of glossaries, one for each language; none is in the first load. */
const glossaries: { readonly [Code in LanguageCode]: () => Promise<Glossary> } = {
  en: async () => (await import('../../core/workbench/course/glossary.ts')).glossary,
  de: async () => (await import('../../core/workbench/course/glossary-de.ts')).glossaryDe,
};

const loaded = new Map<LanguageCode, Promise<Terms>>();

function load(language: LanguageCode): Promise<Terms> {
  const known = loaded.get(language);
  if (known) return known;
  const terms = (async () => {
    const [glossary, { termFinder }] = await Promise.all([
      glossaries[language](),
      import('../../core/workbench/course/terms-in.ts'),
    ]);
    return { glossary, find: termFinder(glossary) };
  })();
  loaded.set(language, terms);
  // What did not come is asked for again.
  terms.catch(() => loaded.delete(language));
  return terms;
}

/** The glossary; undefined while it is on its way, and then the words stand without it. */
export function useTerms(): Terms | undefined {
  const { language } = useWords();
  const [terms, setTerms] = useState<Terms>();
  useEffect(() => {
    let stale = false;
    load(language).then(
      (found) => {
        if (!stale) setTerms(found);
      },
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [language]);
  return terms;
}
