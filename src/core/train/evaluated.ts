import type { EvaluatedBatch } from './evaluate-batches.ts';
import { addBatch, emptyTotals } from './history.ts';
import { PredictionTally } from './prediction-tally.ts';
import type { PredictionTelemetry } from './telemetry.ts';

/** Means and predictions of pictures in evaluation mode, added up batch by batch. */
export class Evaluated {
  private readonly totals = emptyTotals();
  private readonly tally: PredictionTally;

  constructor(classes: number) {
    this.tally = new PredictionTally(classes);
  }

  add({ n, labels, logits, losses }: EvaluatedBatch): void {
    addBatch(this.totals, losses, logits, labels, n);
    this.tally.add(logits, labels, n);
  }

  get images(): number {
    return this.totals.images;
  }

  get loss(): number {
    return this.totals.loss / this.totals.images;
  }

  get accuracy(): number {
    return this.totals.correct / this.totals.images;
  }

  get predictions(): PredictionTelemetry {
    return this.tally.telemetry;
  }
}
