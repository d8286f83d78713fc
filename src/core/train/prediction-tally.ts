import { firstLargest } from './history.ts';
import type { PredictionTelemetry } from './telemetry.ts';

/** Counts how pictures are predicted, batch by batch. */
export class PredictionTally {
  private readonly predicted: number[];
  private images = 0;
  private mistakes = 0;
  private ranks = 0;

  constructor(private readonly classes: number) {
    this.predicted = new Array<number>(classes).fill(0);
  }

  /** @param logits [n, classes]. */
  add(logits: Float32Array, labels: Int32Array, n: number): void {
    const { classes } = this;
    for (let i = 0; i < n; i++) {
      const start = i * classes;
      const choice = firstLargest(logits, start, classes);
      this.predicted[choice]++;
      const label = labels[i];
      if (choice === label) continue;
      this.mistakes++;
      let likelier = 0;
      for (let c = 0; c < classes; c++) {
        if (c !== choice && c !== label && logits[start + c] > logits[start + label]) likelier++;
      }
      if (classes > 2) this.ranks += likelier / (classes - 2);
    }
    this.images += n;
  }

  get telemetry(): PredictionTelemetry {
    const { predicted, images, mistakes, ranks, classes } = this;
    const rank = mistakes > 0 && classes > 2 ? { labelRank: ranks / mistakes } : {};
    return { predicted, images, mistakes, ...rank };
  }
}
