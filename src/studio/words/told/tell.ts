/** What the workbench said, in another language; undefined where nobody translated it. */
export type Tell = (said: string) => string | undefined;

interface Sentence {
  readonly template: string;
  readonly pattern: RegExp;
  /** Letters of its own: the more, the surer it is the one that was said. */
  readonly letters: number;
  readonly translated: string;
}

/** With fewer letters of its own a sentence is only known within another one. */
const sureLetters = 8;

/** Texts that are remembered: many are asked for again with every look at a page. */
const mostRemembered = 2000;

/**
 * Finds out by which sentence of a catalogue something was said, and says it in the catalogue's language. A template has
 * `{1}`, `{2}` in the place of its values (see `say`), which may be sentences themselves; several sentences may follow one
 * another.
 */
export function createTell(catalogue: Readonly<Record<string, string>>, decimal: string): Tell {
  const sentences = Object.entries(catalogue)
    .filter(([template]) => template.includes('{1}'))
    .map(([template, translated]): Sentence => {
      const parts = template.split(/\{\d\}/);
      const pattern = new RegExp(`^${parts.map(escaped).join(valuePattern)}$`);
      return { template, pattern, letters: parts.join('').replace(/[^\p{L}]/gu, '').length, translated };
    })
    .sort((a, b) => b.letters - a.letters);
  const known = new Map<string, string | undefined>();

  const byTemplate = (said: string, least: number): string | undefined => {
    for (const { pattern, letters, translated } of sentences) {
      if (letters < least) return undefined;
      const found = pattern.exec(said);
      if (found) return translated.replace(/\{(\d)\}/g, (_, number: string) => value(found[Number(number)]));
    }
    return undefined;
  };
  /** A number, a name, or a sentence within another. */
  const value = (said: string): string => {
    if (/^[±-]?\d[\d.e-]*( %)?$/.test(said)) return said.replace('.', decimal);
    if (said === '' || /^'[^']*'$/.test(said)) return said;
    const capital = said[0].toUpperCase() + said.slice(1);
    return catalogue[said] ?? byTemplate(said, 1) ?? catalogue[capital] ?? byTemplate(said, 0) ?? said;
  };
  const whole = (said: string): string | undefined => catalogue[said] ?? byTemplate(said, sureLetters);
  /** The longest beginning that is a sentence, and then what follows. */
  const oneByOne = (said: string): string | undefined => {
    const ends = [...said.matchAll(/[.:;] /g)].map(({ index }) => index + 1);
    for (const end of ends.reverse()) {
      const first = whole(said.slice(0, end));
      const rest = first === undefined ? undefined : tell(said.slice(end + 1));
      if (rest !== undefined) return `${first} ${rest}`;
    }
    return undefined;
  };
  const tell = (said: string): string | undefined => {
    if (known.has(said)) return known.get(said);
    const told = whole(said) ?? oneByOne(said);
    if (known.size >= mostRemembered) known.clear();
    known.set(said, told);
    return told;
  };
  return tell;
}

/** As few letters as do, a name in quotes at once: there may be words of a sentence in it. */
const valuePattern = "((?:'[^']*'|[^])*?)";

/** As a pattern; a full stop before a value is none within a number. */
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\.$/, '.(?!\\d)');
