import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type NumberWriter, numberWriter } from '../parts/numbers.ts';
import { en } from './en.ts';
import { fill, type ValuesOf } from './text.ts';

export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, string>>;
type CountKey = Key extends infer K ? (K extends `${infer Base}.one` ? Base : never) : never;

/** THE LIST of languages; English is in the first load, others come when they are chosen. */
export const languages = [
  { code: 'en', name: 'English', load: async (): Promise<Catalogue> => en },
  { code: 'de', name: 'Deutsch', load: async (): Promise<Catalogue> => (await import('./de.ts')).de },
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
  const [loaded, setLoaded] = useState<{ readonly code: LanguageCode; readonly catalogue: Catalogue }>({
    code: 'en',
    catalogue: en,
  });
  useEffect(() => {
    let stale = false;
    languages
      .find(({ code }) => code === language)
      ?.load()
      .then((catalogue) => {
        if (stale) return;
        setLoaded({ code: language, catalogue });
        document.documentElement.lang = language;
      });
    return () => {
      stale = true;
    };
  }, [language]);
  const words = useMemo(() => {
    const { code, catalogue } = loaded;
    const numbers = numberWriter(code);
    const plural = new Intl.PluralRules(code);
    return {
      language,
      setLanguage: (next: LanguageCode) => {
        write(remembered, next);
        setLanguage(next);
      },
      numbers,
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
