import type { Finding } from '../train/diagnosis/finding.ts';
import { diagnose } from '../train/diagnosis/index.ts';
import { endingOf } from '../train/early-stopping.ts';
import type { TrainEvent } from '../train/events.ts';
import type { EpochRecord } from '../train/history.ts';
import type { TelemetryRecord } from '../train/telemetry.ts';
import { symptomsOf } from './diagnose-run.ts';
import type { RunDescription, RunFolder } from './run-folder.ts';

/** Keeps a run's telemetry while it trains, and tells a finding when it first becomes true. */
export class RunWatch {
  private readonly told = new Set<string>();
  private history: EpochRecord[];
  private telemetry: TelemetryRecord[] = [];

  private constructor(
    private readonly run: RunFolder,
    private readonly description: RunDescription,
    history: readonly EpochRecord[],
  ) {
    this.history = [...history];
  }

  /** @param from where training goes on: what was recorded after that is recorded again. */
  static async open(
    run: RunFolder,
    description: RunDescription,
    from: { readonly history: readonly EpochRecord[]; readonly epoch: number; readonly step: number } | undefined,
  ): Promise<RunWatch> {
    const watch = new RunWatch(run, description, from?.history ?? []);
    if (from) {
      const isPast = ({ epoch, step }: TelemetryRecord): boolean =>
        epoch < from.epoch || (epoch === from.epoch && step <= from.step);
      watch.telemetry = (await run.readTelemetry()).filter(isPast);
      for (const { kind } of watch.findings()) watch.told.add(kind);
    }
    return watch;
  }

  /** @returns what is true since this event, and was not told before. */
  take(event: TrainEvent): Finding[] {
    if (event.kind === 'telemetry') this.telemetry.push(event.record);
    if (event.kind !== 'epoch') return [];
    this.history.push(event.record);
    const found = this.findings().filter(({ kind }) => !this.told.has(kind));
    for (const { kind } of found) this.told.add(kind);
    // What is found at the end stands in the whole that follows.
    return endingOf(this.description.recipe, this.history) ? [] : found;
  }

  findings(ending: { readonly failure?: RunDescription['failure']; readonly over?: boolean } = {}): Finding[] {
    const { history, telemetry } = this;
    return diagnose(symptomsOf(this.description, this.run.path, { history, telemetry, ...ending }));
  }

  /** Writes down what was recorded so far. */
  save(): Promise<void> {
    return this.run.writeTelemetry(this.telemetry);
  }
}
