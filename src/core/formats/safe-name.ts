import { isNeverData } from './never-data.ts';

/** Longer names are refused by some systems, counted in bytes of UTF-8 and with room for a number. */
const longestBytes = 120;

/** Names that Windows keeps for devices, with any ending. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)/i;

/** Separators, what Windows forbids, what cannot be seen or turns text around, and halves of characters. */
const forbidden = /[<>:"/\\|?*]|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A name that every system takes as one file or folder and that leads nowhere else: what is forbidden becomes `_`, the
 * ending of a file is kept. Two texts may give one name; see `distinctNames`.
 */
export function safeName(text: string): string {
  let name = text
    .normalize('NFC')
    .replace(forbidden, '_')
    // A leading dot hides, a leading dash is an option to most commands, trailing dots and spaces are lost on Windows.
    .replace(/^[\s.~-]+/, '_')
    .replace(/[\s.]+$/, '_');
  if (name === '') name = '_';
  if (devices.test(name) || isNeverData(name)) name = `_${name}`;
  return shortened(name);
}

/** Whether every system takes a name as it is; it may hide or look odd. */
export const isPortable = (name: string): boolean =>
  !/[<>:"/\\|?*\p{Cc}\p{Cs}]|[. ]$|^$/u.test(name) && !devices.test(name) && bytesOf(name) <= 255;

function shortened(name: string): string {
  if (bytesOf(name) <= longestBytes) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && bytesOf(name.slice(dot)) <= 16 ? name.slice(dot) : '';
  const room = longestBytes - bytesOf(ending);
  let stem = '';
  let used = 0;
  for (const character of name.slice(0, name.length - ending.length)) {
    used += bytesOf(character);
    if (used > room) break;
    stem += character;
  }
  return stem.replace(/[\s.]+$/, '_') + ending;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** A safe name for each text, no two the same on systems that do not tell small letters from capital ones. */
export function distinctNames(texts: readonly string[], taken: readonly string[] = []): string[] {
  const used = new Set(taken.map(folded));
  return texts.map((text) => {
    const name = safeName(text);
    for (let n = 1; ; n++) {
      const candidate = numbered(name, n);
      if (used.has(folded(candidate))) continue;
      used.add(folded(candidate));
      return candidate;
    }
  });
}

const folded = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase();

/** `cat.jpg`, `cat-2.jpg`, … */
export const numbered = (name: string, n: number): string => (n === 1 ? name : withWord(name, String(n)));

/** `cat-WORD.jpg` */
export function withWord(name: string, word: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)}-${word}${name.slice(dot)}` : `${name}-${word}`;
}
