import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import { presets } from '../../core/model/presets/index.ts';
import { looksLikeShorthand } from '../../core/model/shorthand.ts';
import { suggest } from '../../core/nearest.ts';
import { algorithms } from '../../core/plan/lowering.ts';
import type { WorkbenchEvent } from '../../core/workbench/verb.ts';
import type { ReadLimits } from '../../node/limits.ts';
import { shellWord as quoteWord } from '../../report/shell-word.ts';
import { type CommandContext, type CommandOption, UsageError, wholeNumber } from '../command.ts';
import { createEstimate, createProgressLine } from '../terminal/progress.ts';
import { harmless, painter } from '../terminal/terminal.ts';

export const seedOption: CommandOption = {
  flags: '--seed <n>',
  doc: 'a whole number from which all chance follows (default 1)',
  parse: wholeNumber(0, 4294967295),
};

export const projectOption: CommandOption = {
  flags: '--project <folder>',
  doc: "a project's folder (default: the one that the current folder lies in, if any)",
};

/** The project that a command works in: the one that is named, or the nearest above the current folder. */
export async function projectOf({ workbench, terminal }: CommandContext, named: unknown): Promise<string | undefined> {
  const project = await workbench.findProject(named as string | undefined);
  if (!project) return undefined;
  const place = project.folder === '.' ? '' : ` in ${harmless(project.folder)}`;
  terminal.out(painter(terminal)('faint', `Project ${harmless(project.description.name)}${place}.`));
  return project.folder;
}

/** Data may be left out within a project only. @throws UsageError. */
export function dataOf(data: unknown, project: string | undefined, command: string): string | undefined {
  if (data !== undefined || project !== undefined) return data as string | undefined;
  throw new UsageError(
    `Expected <data> for 'fovea ${command}' but received none`,
    'Name them, or work within a project',
  );
}

/** A whole number, with K, M or G for thousands, millions and thousands of millions. */
function parseMany(text: string, flag: string): number {
  const match = /^(\d{1,15})([KMG]?)$/i.exec(text.trim());
  const value = Number(match?.[1]) * { '': 1, K: 1e3, M: 1e6, G: 1e9 }[match?.[2].toUpperCase() as '']!;
  if (value >= 1 && value <= Number.MAX_SAFE_INTEGER) return value;
  throw new UsageError(
    `Expected a whole number of at least 1, such as 500000 or 200M, for ${flag} but received '${text}'`,
  );
}

/** For commands that read pictures: what guards against files that claim too much, to be raised or lowered. */
export const limitOptions: readonly CommandOption[] = [
  {
    flags: '--limit-pixels <n>',
    doc: 'the most pixels of a picture; larger ones are left out (default 100M)',
    parse: parseMany,
  },
  { flags: '--limit-bytes <n>', doc: 'the most bytes of a picture file (default 268M)', parse: parseMany },
  { flags: '--limit-files <n>', doc: 'the most pictures (default 2M)', parse: parseMany },
];

/** What of the options limits reading; undefined where none does. */
export function limitsOf({
  limitPixels,
  limitBytes,
  limitFiles,
}: Readonly<Record<string, unknown>>): ReadLimits | undefined {
  const given = Object.entries({ limitPixels, limitBytes, limitFiles }).filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

export const threadsOption: CommandOption = {
  flags: '--threads <n>',
  doc: 'processor cores to use; never changes a result (default: all)',
  parse: wholeNumber(1, 64),
};

export const turboOption: CommandOption = {
  flags: '--turbo',
  doc: 'compute in 256 bits where V8 can (Node 24, x64), after a proof that no result changes and that it is faster; also FOVEA_TURBO=1',
};

/** One of a list of names. @throws UsageError with the nearest. */
export const nameFrom =
  (names: readonly string[]) =>
  (text: string, flag: string): string => {
    if (names.includes(text)) return text;
    // The names stand in the sentence; only a likely one is told again.
    const mend = suggest(text, names);
    throw new UsageError(
      `Expected one of ${names.join(', ')} for ${flag} but received '${text}'`,
      mend.startsWith('Did you mean') ? mend : '',
    );
  };

export const algorithmOption: CommandOption = {
  flags: '--algorithm <name>',
  doc: 'kernels to compute with: auto (default) takes the fast ones, direct keeps to plain sums, which round less',
  parse: (text, flag) => nameFrom(algorithms)(text, flag),
};

export const modelNames = presets.map(({ name }) => name);
/**
 * A model as a person writes it: a preset's name, the path of a JSON file, run or model file, or layers in one line.
 * @throws UsageError for a word that is none of them, with the nearest preset.
 */
export function parseModel(text: string, flag: string): string {
  const isName = /^[\w-]+$/.test(text) && !looksLikeShorthand(text) && !existsSync(text);
  return isName ? nameFrom(modelNames)(text, flag) : text;
}

export const modelDoc = `one of ${modelNames.join(', ')}; a JSON file, a run, a model file; or layers in one line, such as 'conv 32, relu, pool 2, flatten, linear'`;

/** A line that goes on with a run, as a person can paste it. */
export const resumeLine = (run: string): string => `npx fovea train --resume ${shellWord(run)}`;

/** A path as one would type it here: below the current folder without what stands before that. */
export function fromHere(path: string, here = process.cwd(), separator = sep): string {
  const start = here.endsWith(separator) ? here : here + separator;
  return path.startsWith(start) && path.length > start.length ? path.slice(start.length) : path;
}

/** A path as one word of a command line that can be pasted here. */
export const shellWord = (text: string, windows = process.platform === 'win32'): string => quoteWord(text, windows);

/** Progress of reading pictures or of testing them: one line that goes away. */
export function countProgress(
  { terminal }: CommandContext,
  label: string,
): { show(done: number, total: number): void; clear(): void } {
  const line = createProgressLine(terminal, () => performance.now());
  return {
    // A total of 0: nobody knows it.
    show: (done, total) =>
      line.show(label, total === 0 ? 0 : done / total, undefined, total === 0 ? String(done) : `${done} of ${total}`),
    clear: line.clear,
  };
}

/** Progress of long work that reads pictures and then says itself what it does: one line that goes away. */
export function workProgress(
  { terminal }: CommandContext,
  reading: string,
): { event(event: WorkbenchEvent): void; clear(): void } {
  const line = createProgressLine(terminal, () => performance.now());
  let doing = '';
  let estimate = createEstimate(() => performance.now());
  return {
    event(event) {
      if (event.kind === 'note') terminal.err(`${harmless(event.text)}\n`);
      if (event.kind !== 'progress' && event.kind !== 'reading') return;
      const label = event.kind === 'reading' ? reading : event.doing;
      if (label !== doing) estimate = createEstimate(() => performance.now());
      doing = label;
      const share = event.total === 0 ? 0 : event.done / event.total;
      line.show(label, share, estimate(share), '');
    },
    clear: line.clear,
  };
}

/** Pictures that were left out: how many, and the first few by name. */
export function skippedLines(skipped: readonly { readonly origin: string; readonly reason: string }[]): string[] {
  if (skipped.length === 0) return [];
  const shown = skipped.slice(0, 5).map(({ origin, reason }) => `  ${harmless(origin)}: ${harmless(reason)}`);
  const more = skipped.length > 5 ? [`  and ${skipped.length - 5} more`] : [];
  return [`Skipped ${skipped.length} ${skipped.length === 1 ? 'file' : 'files'}:`, ...shown, ...more];
}
