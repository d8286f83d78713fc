import { escapeMarkup } from '../../formats/markup.ts';

/** Text that is safe between tags and in quoted attributes; characters that act, such as a turn of direction, are spelt out. */
export const escapeHtml = (text: string): string =>
  escapeMarkup(
    text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) =>
      c === '\n' ? '\u23ce' : `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`,
    ),
  );

/** The same for paths, which may break after what separates their words. */
export const escapePath = (text: string): string => breakable(text, /(?<=[/\\_=,-])(?=[^/\\_=,-])/u);

/** The same for commands, which break at spaces and after slashes alone. */
export const escapeCommand = (text: string): string =>
  breakable(text, /(?<=[/\\])(?=[^/\\])/u).replace(/(?<= )--[a-z]+(?:-[a-z]+)*/g, '<span>$&</span>');

const breakable = (text: string, places: RegExp): string => text.split(places).map(escapeHtml).join('<wbr>');

/** Text, escaped, in which no percent sign stands alone on a line. */
export const escapeUnbroken = (text: string): string => escapeHtml(text).replaceAll(' %', '\u00a0%');
