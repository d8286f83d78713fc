import { z } from 'zod';
import { FoveaError } from '../errors.ts';
import { parseJson } from '../train/check.ts';
import type { Adapters } from './adapters.ts';
import { note } from './notes.ts';
import { openRunFolder } from './run-folder.ts';
import { readText, type Storage } from './storage.ts';
import type { TestOutcome } from './test.ts';
import type { VerbOptions } from './verb.ts';

/** What a test leaves in a run's folder: all its figures, and the page about them. */
export const testFiles = { outcome: 'test.json', report: 'report.html' } as const;

const format = 'fovea-test';
const version = 1;

/** Whether a test can leave something behind: a model's file has no folder of its own. */
export async function isRunFolder(storage: Storage, run: string): Promise<boolean> {
  if ((await storage.kind(run)) !== 'folder') return false;
  try {
    await openRunFolder(storage, run).readDescription();
    return true;
  } catch (error) {
    if (error instanceof FoveaError) return false;
    throw error;
  }
}

/** Keeps what a test found in the run's folder; that it cannot be written is told and no failure of the test. */
export async function keepTest(adapters: Adapters, outcome: TestOutcome, { onEvent }: VerbOptions): Promise<void> {
  const { storage } = adapters;
  if (!(await isRunFolder(storage, outcome.run))) return;
  try {
    // Data by a name that means the same from everywhere.
    const kept = { format, version, ...outcome, data: adapters.resolveData(outcome.data) };
    await storage.write(storage.join(outcome.run, testFiles.outcome), `${JSON.stringify(kept)}\n`);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    onEvent?.(note('test-not-kept', { reason: error.message }));
  }
}

const schema = z.looseObject({ format: z.literal(format), version: z.literal(version), images: z.int().min(1) });

/** What the last test of a run found. @param called its name in words. @throws FoveaError where it was never tested. */
export async function readTest(adapters: Adapters, run: string, called = run): Promise<TestOutcome> {
  const { storage } = adapters;
  const file = storage.join(run, testFiles.outcome);
  if ((await storage.kind(file)) !== 'file') {
    throw new FoveaError(
      `Expected a run that was tested but received '${called}', which was not`,
      `Test it first: fovea test ${called}`,
    );
  }
  const kept = parseJson(schema, await readText(storage, file), `file '${file}'`) as unknown as TestOutcome;
  return { ...kept, run, data: adapters.locate(kept.data) };
}
