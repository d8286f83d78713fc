/** What the command line writes to: results to `out` (stdout), progress to `err` (stderr). */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether a person watches stderr, so that a line may be drawn again and again. */
  readonly live: boolean;
  /** Whether stdout takes colours. */
  readonly colour: boolean;
  /** Width of the window in characters. */
  readonly columns: number;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Colours follow https://no-color.org; FORCE_COLOR overrides for pipes that keep them. */
export function createTerminal(
  streams: { readonly stdout: Stream; readonly stderr: Stream },
  environment: Readonly<Record<string, string | undefined>>,
  json: boolean,
): Terminal {
  const { stdout, stderr } = streams;
  const forced = environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== '0';
  const refused = (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  return {
    // With --json nothing but the one object goes to stdout; see `printJson`.
    out: (text) => void (json ? stderr : stdout).write(`${text}\n`),
    err: (text) => void stderr.write(text),
    live: stderr.isTTY === true && environment.TERM !== 'dumb' && (environment.CI ?? '') === '',
    colour: !refused && (forced || (json ? stderr : stdout).isTTY === true),
    // A terminal that does not know its width says 0.
    columns: Math.max(40, (stderr.isTTY ? stderr.columns : stdout.columns) || 80),
  };
}

export type Ink = 'train' | 'val' | 'strong' | 'faint' | 'good' | 'bad';

/** Train is blue and val orange (Okabe-Ito), here as everywhere in the product; the rest are weights of grey. */
const codes: Readonly<Record<Ink, string>> = {
  train: '38;5;32',
  val: '38;5;208',
  strong: '1',
  faint: '2',
  good: '32',
  bad: '31',
};

/** A function that colours text, or leaves it where the terminal takes no colours. */
export const painter =
  (terminal: Pick<Terminal, 'colour'>) =>
  (ink: Ink, text: string): string =>
    terminal.colour ? `\u001b[${codes[ink]}m${text}\u001b[0m` : text;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const escapes = /\u001b\[[0-9;]*m/g;

/** Marks over the letter before, and characters that only join or choose. */
const noWidth = /[\p{M}\p{Cf}]/u;
/** East Asian wide and full-width characters, and pictures (Unicode Standard Annex 11, its blocks). */
const twoWide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes on screen, colours left out. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const c of text.replace(escapes, '')) width += noWidth.test(c) ? 0 : twoWide.test(c) ? 2 : 1;
  return width;
};

/** Names from files and labels may hold line feeds and escape sequences; on a terminal they must not act. */
export const harmless = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`);
