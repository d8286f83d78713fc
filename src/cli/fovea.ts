import { FoveaError } from '../core/errors.ts';
import { ModelError } from '../core/model/mend.ts';
import { createWorkbench } from '../core/workbench/workbench.ts';
import { createNodeAdapters } from '../node/adapters.ts';
import { type CommandDefinition, UsageError } from './command.ts';
import { limitsOf } from './commands/shared.ts';
import { parseCommandLine } from './program.ts';
import { createKeyboard } from './terminal/keyboard.ts';
import { wrap } from './terminal/table.ts';
import { createTerminal, harmless } from './terminal/terminal.ts';
import { describeTurbo, switchTurbo, withTurbo } from './turbo.ts';

/** 0 done, 1 the work failed or was interrupted, 2 the command line is wrong. */
type ExitCode = 0 | 1 | 2;

async function main(words: readonly string[]): Promise<ExitCode> {
  const json = words.includes('--json');
  const terminal = createTerminal(process, process.env, json);
  const controller = new AbortController();
  let running: CommandDefinition | undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // A second time: the person does not want to wait for the step to end.
      if (controller.signal.aborted) process.exit(1);
      const doing = running?.stopping ?? 'Stopping';
      terminal.err(terminal.live ? `\r\u001b[K${doing} … (again to stop at once)\n` : `${doing} …\n`);
      controller.abort();
    });
  }
  const printJson = (value: unknown): void => {
    if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
  };
  try {
    const asked = parseCommandLine(words, (text) => void process.stdout.write(text), terminal.columns);
    if (!asked) return 0;
    running = asked.command;
    const turbo = await switchTurbo(asked, process.env);
    if (turbo) terminal.out(turbo.text);
    const adapters = createNodeAdapters(limitsOf(asked.options));
    const workbench = createWorkbench(turbo ? withTurbo(adapters, turbo) : adapters);
    const outcome = await asked.command.run(
      {
        workbench,
        terminal,
        signal: controller.signal,
        keyboard: terminal.live && process.stdout.isTTY ? createKeyboard(process.stdin) : undefined,
      },
      asked.args,
      asked.options,
    );
    for (const value of outcome.jsonLines ?? [outcome.json]) {
      printJson(turbo ? { ...(value as object), turbo: describeTurbo(turbo) } : value);
    }
    return outcome.exitCode ?? 0;
  } catch (error) {
    const told = tell(error, controller.signal.aborted);
    // What a person typed or a file holds stands in it; on a terminal it must not act.
    // Broken at spaces for a person; one line for what reads it.
    const shown = harmless(told.message);
    terminal.err(`${(terminal.live ? wrap(shown, terminal.columns) : [shown]).join('\n')}\n`);
    if (process.env.FOVEA_DEBUG && error instanceof Error) terminal.err(`${error.stack}\n`);
    // What would make a model fit, as data: a page offers it as a button.
    const mends = error instanceof ModelError ? { layer: error.layer, mends: error.mends } : {};
    printJson({ error: { message: told.message, kind: told.kind, ...mends } });
    return told.exitCode;
  }
}

/** An error as one sentence for a person. */
function tell(
  error: unknown,
  aborted: boolean,
): { message: string; kind: 'usage' | 'input' | 'interrupted' | 'bug'; exitCode: ExitCode } {
  if (error instanceof UsageError) return { message: oneLine(error.message), kind: 'usage', exitCode: 2 };
  if (error instanceof FoveaError) return { message: oneLine(error.message), kind: 'input', exitCode: 1 };
  if (aborted) return { message: 'Interrupted before there was anything to save.', kind: 'interrupted', exitCode: 1 };
  const message = error instanceof Error ? error.message : String(error);
  return {
    message: `This is a bug in Fovea: ${oneLine(message)}. Set FOVEA_DEBUG=1 to see where.`,
    kind: 'bug',
    exitCode: 1,
  };
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ');

// A reader that goes away early (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// What never ends is no success.
process.exitCode = 1;
// Not awaited here: parts that are loaded while it runs import from the file that this is bundled into.
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
