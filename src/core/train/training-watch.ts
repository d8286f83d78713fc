import type { TelemetryRecord } from './telemetry.ts';
import type { LayerWatch } from './watch-layers.ts';

type Place = { readonly epoch: number; readonly step: number };

/**
 * When the layers of a training are looked at: before its first step, a quarter into its first epoch, and at the end of
 * epochs, of so many that the pictures of all looks are about a hundredth of those that are trained on.
 */
export class TrainingWatch {
  private readonly early: number;
  private readonly every: number;

  /** @param steps of an epoch. @param images training pictures. */
  constructor(
    private readonly watch: LayerWatch,
    private readonly length: { readonly steps: number; readonly epochs: number; readonly images: number },
    private readonly emit: (record: TelemetryRecord) => void,
  ) {
    this.early = length.steps >= 8 ? Math.floor(length.steps / 4) : 0;
    this.every = watch.epochsBetween(length.images);
  }

  async begin({ epoch, step }: Place): Promise<void> {
    if (epoch === 1 && step === 0) this.emit({ epoch, step, ...(await this.watch.look()) });
  }

  /** @param place steps that are done. Weights to be given to `afterStep`, where this step's change is of interest. */
  beforeStep(place: Place): ReturnType<LayerWatch['holdWeights']> | undefined {
    const { step, epoch } = place;
    const middle = Math.floor(this.length.steps / 2);
    const wanted = (step === middle && this.looksAtEndOf(epoch)) || (this.early > 0 && this.isEarly(epoch, step + 1));
    return wanted ? this.watch.holdWeights() : undefined;
  }

  async afterStep(held: ReturnType<LayerWatch['holdWeights']> | undefined, { epoch, step }: Place): Promise<void> {
    if (held) this.watch.noteStep(held);
    if (this.isEarly(epoch, step)) this.emit({ epoch, step, ...(await this.watch.look()) });
  }

  /** What an epoch's end adds to its record; nothing where it is not its turn. */
  async endEpoch(epoch: number): Promise<Pick<TelemetryRecord, 'layers' | 'sampleLoss'>> {
    return this.looksAtEndOf(epoch) ? this.watch.look() : {};
  }

  private isEarly(epoch: number, step: number): boolean {
    return epoch === 1 && step > 0 && step === this.early;
  }

  private looksAtEndOf(epoch: number): boolean {
    return epoch === 1 || epoch === this.length.epochs || epoch % this.every === 0;
  }
}
