/** A path as a sentence shows it: in quotes, whole, with control characters escaped so that no name can break a line. */
export function quotePath(path: string): string {
  const escaped = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return `'${path.replace(/[\x00-\x1f\x7f-\x9f]/g, escaped)}'`;
}

/** The most characters of a name that stands in a file. */
const longestName = 80;

/** A name from within a file, which may be anything: as a path, but no longer than a sentence bears. */
export const quoteName = (name: string): string =>
  quotePath(name.length > longestName ? `${name.slice(0, longestName - 3)}...` : name);

/** The last step of a path of any system: what a file or folder itself is called. */
export const lastName = (path: string): string => path.split(/[\\/]/).findLast((step) => step !== '') ?? 'data';
