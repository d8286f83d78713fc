import type { Adapters } from '../core/workbench/adapters.ts';
import { createEngine } from '../node/engine.ts';
import type { Turbo } from '../node/turbo.ts';
import { turboOption } from './commands/shared.ts';
import type { Invocation } from './program.ts';

/** Switches turbo on where it is asked for, by `--turbo` or the environment, and the command computes. */
export async function switchTurbo(
  { command, options }: Pick<Invocation, 'command' | 'options'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Turbo | undefined> {
  if (!command.options.includes(turboOption)) return undefined;
  if (options.turbo !== true && env.FOVEA_TURBO !== '1') return undefined;
  return (await import('../node/turbo.ts')).prepareTurbo();
}

/** Engines by what came of it, and a word of it in the record: it belongs to the machine, as it changes no number. */
export const withTurbo = (adapters: Adapters, turbo: Turbo): Adapters => ({
  ...adapters,
  createEngine: (options) => createEngine({ ...options, turbo: turbo.on }),
  environment: { ...adapters.environment, turbo: turbo.on ? `turbo by V8 ${turbo.v8}` : 'turbo refused' },
});

/** For `--json`. */
export const describeTurbo = ({ on, v8, kernels, text }: Turbo): Omit<Turbo, 'module'> => ({ on, v8, kernels, text });
