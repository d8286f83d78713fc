/**
 * A path as one word of a command line that can be pasted: on Windows in double quotes, elsewhere in single ones, within
 * which a shell expands nothing.
 */
export function shellWord(text: string, windows: boolean): string {
  if (windows) return /^[\w./\\:@+=,-]+$/.test(text) ? text : `"${text}"`;
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
