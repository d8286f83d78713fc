const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe between tags and in quoted attributes; characters that act, such as a turn of direction, are spelt out. */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) =>
      c === '\n' ? '\u23ce' : `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`,
    )
    .replace(/[&<>"']/g, (c) => entities[c]);
