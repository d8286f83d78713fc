import { bestEpoch, type EpochRecord } from '../../train/history.ts';
import type { CurvesFigure } from './figure.ts';

/** Loss of training and validation pictures, epoch by epoch, with the best epoch marked. */
export function lossCurves(history: readonly EpochRecord[], title = 'Loss, epoch by epoch'): CurvesFigure {
  const last = history[history.length - 1];
  const best = bestEpoch(history)!;
  const trainLoss = ({ trainLoss: asked, loss }: EpochRecord): number => asked ?? loss;
  return {
    kind: 'curves',
    title,
    x: 'epoch',
    y: 'loss',
    series: [
      { name: 'training', role: 'train', points: history.map((one) => [one.epoch, trainLoss(one)]) },
      { name: 'validation', role: 'val', points: history.map((one) => [one.epoch, one.valLoss]) },
    ],
    marks: [{ x: best.epoch, label: 'lowest validation loss' }],
    words: `At the end the training loss is ${trainLoss(last).toFixed(3)} and the validation loss ${last.valLoss.toFixed(3)}; the lowest validation loss was ${best.valLoss.toFixed(3)}, at epoch ${best.epoch} of ${history.length}.`,
  };
}
