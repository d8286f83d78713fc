import type { TestOutcome } from '../test.ts';
import { nameOfRun } from './places.ts';

/** What a test gave, its run by its name. */
export type ShownTest = Omit<TestOutcome, 'data'>;

/** Runs and data by what the protocol calls them: where they lie is nobody's business. */
export function shownTest({ data: _, ...test }: TestOutcome, path: string, foreign: string | undefined): ShownTest {
  return {
    ...test,
    run: nameOfRun(path),
    others: test.others.map((other) => ({ ...other, run: nameOfRun(other.run) })),
    robustness: test.robustness?.map((one) => ({ ...one, run: nameOfRun(one.run) })),
    foreign: test.foreign && { ...test.foreign, data: foreign ?? test.foreign.name },
  };
}
