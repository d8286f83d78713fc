import type { Finding } from '../train/diagnosis/finding.ts';
import { diagnose } from '../train/diagnosis/index.ts';
import type { Symptoms } from '../train/diagnosis/signs.ts';
import type { EpochRecord } from '../train/history.ts';
import type { TelemetryRecord } from '../train/telemetry.ts';
import type { Adapters } from './adapters.ts';
import { openRunFolder, type RunDescription, type RunStatus } from './run-folder.ts';

export interface DiagnoseRequest {
  /** The run's folder. */
  readonly run: string;
  /** What commands call the run and its data; default where they lie. */
  readonly called?: { readonly run: string; readonly data: string };
}

export interface RunDiagnosis {
  readonly run: string;
  readonly description: RunDescription;
  readonly status: RunStatus;
  readonly epochs: readonly EpochRecord[];
  readonly best: EpochRecord | undefined;
  readonly telemetry: readonly TelemetryRecord[];
  readonly diagnosis: readonly Finding[];
  /** What an older run did not record, so that it could not be looked for: a sentence each. */
  readonly missing: readonly string[];
}

/** What a run's record is read for. @param path names the run in commands. */
export function symptomsOf(
  { recipe, data }: Pick<RunDescription, 'recipe' | 'data'>,
  path: string,
  recorded: Pick<Symptoms, 'history' | 'telemetry' | 'failure' | 'over'>,
): Symptoms {
  return { ...recorded, recipe, facts: data.facts, names: { run: path, data: data.source } };
}

/**
 * Reads what a run recorded and says what it means. Nothing is trained, and no picture is opened; nothing is written.
 * @throws FoveaError when there is no such run.
 */
export async function diagnoseRun({ storage }: Adapters, { run, called }: DiagnoseRequest): Promise<RunDiagnosis> {
  const folder = openRunFolder(storage, run);
  const description = await folder.readDescription();
  const [history, telemetry] = [await folder.readHistory(), await folder.readTelemetry()];
  const { status, failure, best, data } = description;
  const over = status !== 'running';
  const missing: string[] = [];
  if (!data.facts)
    missing.push('The run has no facts about its pictures: classes, copies and normalisation were not looked at.');
  if (telemetry.length === 0)
    missing.push('The run has no telemetry: gradients, dead units and predictions were not looked at.');
  if (history.length > 0 && history.every(({ trainLoss }) => trainLoss === undefined)) {
    missing.push('Train loss in evaluation mode was not measured: the running train loss stands for it.');
  }
  return {
    run,
    description,
    status,
    epochs: history,
    best,
    telemetry,
    diagnosis: diagnose({
      ...symptomsOf(description, run, { history, telemetry, failure, over }),
      ...(called ? { names: called } : {}),
    }),
    missing,
  };
}
