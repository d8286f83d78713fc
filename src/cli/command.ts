import { FoveaError } from '../core/errors.ts';
import type { Workbench } from '../core/workbench/workbench.ts';
import type { CommandGroupName } from './command-groups.ts';
import type { Keyboard } from './terminal/keyboard.ts';
import type { Terminal } from './terminal/terminal.ts';

/** The command line itself is wrong: exit code 2, where a failed work gives 1. */
export class UsageError extends FoveaError {}

/** One option: enough for parsing, help and docs. */
export interface CommandOption {
  /** As in help: `--epochs <n>`, `--strict`. */
  readonly flags: string;
  /** One phrase. */
  readonly doc: string;
  /** Turns the text into a value. @throws UsageError. Absent: the text itself, or true for a flag. */
  readonly parse?: (text: string, flag: string) => unknown;
}

export interface CommandArgument {
  /** As in help: `<data>`, `[folder]`, `<files...>`. */
  readonly name: string;
  readonly doc: string;
}

/** What commands work with. */
export interface CommandContext {
  readonly workbench: Workbench;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Absent where nobody sits at a terminal. */
  readonly keyboard?: Keyboard;
}

/** What a command gives: the object that `--json` prints, and whether the work succeeded. */
export interface Outcome {
  readonly json?: unknown;
  /** In its stead, for a list of like results: an object a line. */
  readonly jsonLines?: readonly unknown[];
  /** Default 0; 1 where the work stopped early (an interruption). */
  readonly exitCode?: 0 | 1;
}

/** One command: a constant in its own file, and a line in `commands/index.ts`. */
export interface CommandDefinition {
  /** `train`, or two words: `data show`. */
  readonly name: string;
  /** Under which heading of `fovea --help` it stands; of two words, all with the same first in the same. */
  readonly group: CommandGroupName;
  /** One sentence. */
  readonly doc: string;
  readonly arguments: readonly CommandArgument[];
  readonly options: readonly CommandOption[];
  /** A line that a person can type, and what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** What Ctrl-C makes it do, told at once. Default: `Stopping`. */
  readonly stopping?: string;
  run(context: CommandContext, args: readonly unknown[], options: Readonly<Record<string, unknown>>): Promise<Outcome>;
}

/** A parser of whole numbers from `minimum` to `maximum`. */
export const wholeNumber =
  (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  (text: string, flag: string): number => {
    const value = /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
    throw new UsageError(`Expected a whole number ${range} for ${flag} but received '${text}'`);
  };

/** A parser of numbers; `above` and `below` are not allowed themselves. */
export const number =
  (limits: { readonly above?: number; readonly minimum?: number; readonly below?: number }, like: string) =>
  (text: string, flag: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const { above = -Infinity, minimum = -Infinity, below = Infinity } = limits;
    if (Number.isFinite(value) && value > above && value >= minimum && value < below) return value;
    const parts = [
      limits.above === undefined ? '' : `above ${above}`,
      limits.minimum === undefined ? '' : `of at least ${minimum}`,
      limits.below === undefined ? '' : `below ${below}`,
    ].filter((part) => part !== '');
    throw new UsageError(
      `Expected a number ${parts.join(' and ')} (such as ${like}) for ${flag} but received '${text}'`,
    );
  };

/** `64` or `64x96` (height x width), each 1 … 4096. */
export function parseSize(text: string, flag: string): { height: number; width: number } {
  const match = /^(\d{1,4})(?:x(\d{1,4}))?$/.exec(text.trim());
  const height = Number(match?.[1]);
  const width = Number(match?.[2] ?? match?.[1]);
  if (height >= 1 && width >= 1 && height <= 4096 && width <= 4096) return { height, width };
  throw new UsageError(
    `Expected a size such as 64 or 48x64 (height x width, up to 4096) for ${flag} but received '${text}'`,
  );
}

/** `28x28x1`: height x width x channels. */
export function parseInput(text: string, flag: string): readonly [number, number, number] {
  const match = /^(\d{1,4})x(\d{1,4})x([13])$/.exec(text.trim());
  const [height, width, channels] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (height >= 1 && width >= 1 && height <= 4096 && width <= 4096) return [height, width, channels];
  throw new UsageError(
    `Expected a size such as 28x28x1 (height x width x 1 or 3 channels) for ${flag} but received '${text}'`,
  );
}
