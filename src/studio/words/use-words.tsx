import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type NumberWriter, numberWriter } from '../parts/numbers.ts';
import { en } from './en.ts';
import { fill, type ValuesOf } from './text.ts';
import type { Tell } from './told/tell.ts';

export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, string>>;
type CountKey = Key extends infer K ? (K extends `${infer Base}.one` ? Base : never) : never;

/** A language: the texts of pages, and what the workbench says in its English sentences. */
interface Language {
  readonly catalogue: Catalogue;
  readonly tell: Tell;
}

const english: Language = { catalogue: en, tell: (said) => said };

/** THE LIST of languages; English is in the first load, others come when they are chosen. */
export const languages = [
  { code: 'en', name: 'English', load: async (): Promise<Language> => english },
  {
    code: 'de',
    name: 'Deutsch',
    load: async (): Promise<Language> => {
      const [{ de }, { tellDe }] = await Promise.all([import('./de.ts'), import('./told/de.ts')]);
      return { catalogue: de, tell: tellDe };
    },
  },
] as const;
export type LanguageCode = (typeof languages)[number]['code'];

export interface Words {
  readonly language: LanguageCode;
  setLanguage(code: LanguageCode): void;
  readonly numbers: NumberWriter;
  /** The text of a key, with values in the place of their names. */
  t<K extends Key>(key: K, ...values: ValuesOf<(typeof en)[K]>): string;
  /** The form of a text for a count: keys `….one` and `….other`, both with {count}. */
  n(key: CountKey, count: number, values?: Readonly<Record<string, string>>): string;
  /** What the workbench said, in this language; undefined where nobody translated it. */
  readonly tell: Tell;
}

const remembered = 'fovea.language';

function firstLanguage(): LanguageCode {
  const wanted = [read(remembered) ?? '', ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return (
    languages.find(({ code }) => code === wanted.find((tag) => languages.some((one) => one.code === tag)))?.code ?? 'en'
  );
}

/** Storage may be forbidden; then nothing is remembered. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Nothing is lost but the choice for the next visit.
  }
}

const WordsContext = createContext<Words | undefined>(undefined);

export function WordsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<LanguageCode>(firstLanguage);
  const [loaded, setLoaded] = useState<Language & { readonly code: LanguageCode }>({ code: 'en', ...english });
  useEffect(() => {
    let stale = false;
    languages
      .find(({ code }) => code === language)
      ?.load()
      .then((all) => {
        if (stale) return;
        setLoaded({ code: language, ...all });
        document.documentElement.lang = language;
      });
    return () => {
      stale = true;
    };
  }, [language]);
  const words = useMemo(() => {
    const { code, catalogue, tell } = loaded;
    const numbers = numberWriter(code);
    const plural = new Intl.PluralRules(code);
    return {
      language,
      setLanguage: (next: LanguageCode) => {
        write(remembered, next);
        setLanguage(next);
      },
      numbers,
      tell,
      t: (key: Key, ...[values]: [Readonly<Record<string, string>>?]) => fill(catalogue[key], values),
      n: (key: string, count: number, values: Readonly<Record<string, string>> = {}) => {
        const form = plural.select(count) === 'one' ? 'one' : 'other';
        return fill(catalogue[`${key}.${form}` as Key], { count: numbers.count(count), ...values });
      },
    } as Words;
  }, [loaded, language]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error('useWords is for what stands within a WordsProvider');
  return words;
}
