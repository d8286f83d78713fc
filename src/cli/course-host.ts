import type { CourseHost } from '../core/workbench/course/lesson.ts';
import { createEngine } from '../node/engine.ts';
import type { CommandContext } from './command.ts';
import { createProgressLine } from './terminal/progress.ts';

/** What lessons compute with in a terminal: the engine of this machine, a line of progress, Ctrl-C. */
export function courseHost({ terminal, signal }: CommandContext): CourseHost & { clear(): void } {
  const line = createProgressLine(terminal, () => performance.now());
  return {
    createEngine: () => createEngine(),
    signal,
    onProgress: ({ done, total, what }) => line.show('Computing', done / total, undefined, what),
    clear: line.clear,
  };
}
