/** A path as a sentence shows it: in quotes, whole, with control characters escaped so that no name can break a line. */
export function quotePath(path: string): string {
  const escaped = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return `'${path.replace(/[\x00-\x1f\x7f-\x9f]/g, escaped)}'`;
}
