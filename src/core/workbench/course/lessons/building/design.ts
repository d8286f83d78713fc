import type { Options, OptionValues } from '../../../../layers/layer.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import { adapt, type ModelDraft } from '../../../../model/spec.ts';
import { type ModelSummary, summarize } from '../../../../model/summary.ts';
import type { TableFigure } from '../../figure.ts';
import type { CourseHost } from '../../lesson.ts';
import { digitParts, trainWatched, type WatchedTraining } from '../../watched-training.ts';
import { withEngine } from '../../with-engine.ts';

/** What the built-in digits are to a model. */
export const digitData = { input: [28, 28, 1], classes: 10 } as const;

/** The form in which a network is designed: up to two convolutions, then up to one layer before the last. */
export const designOptions: Options = {
  filters1: { type: 'integer', minimum: 0, maximum: 64, default: 8, doc: 'Kernels of the first convolution; 0: none.' },
  filters2: {
    type: 'integer',
    minimum: 0,
    maximum: 64,
    default: 0,
    doc: 'Kernels of the second convolution; 0: none.',
  },
  kernelSize: { type: 'integer', minimum: 1, maximum: 9, default: 5, doc: 'Side of the kernels.' },
  pooling: { type: 'boolean', default: true, doc: 'Halves rows and columns after each convolution.' },
  units: { type: 'integer', minimum: 0, maximum: 512, default: 0, doc: 'Units of a layer before the last; 0: none.' },
};

/** The design in one line, as `--model` takes it. */
export function designLine({ filters1, filters2, kernelSize, pooling, units }: OptionValues): string {
  const convolutions = [filters1, filters2]
    .filter((filters) => filters !== 0)
    .flatMap((filters) => [`conv ${filters} ${kernelSize}`, 'relu', ...(pooling ? ['pool 2'] : [])]);
  return [...convolutions, 'flatten', ...(units === 0 ? [] : [`linear ${units}`, 'relu']), 'linear'].join(', ');
}

export const summarizeDraft = (draft: ModelDraft): ModelSummary => summarize(adapt(draft, digitData));

/** Four bytes a number. */
const kilobytes = (numbers: number): string => `${((4 * numbers) / 1000).toFixed(1)} kB`;

/** Layer by layer: what comes out, what is learnt, what is computed. */
export function layerTable(title: string, { layers, parameters, macs, activations }: ModelSummary): TableFigure {
  return {
    kind: 'table',
    title,
    columns: ['layer', 'output', 'parameters', 'multiply-adds'],
    rows: layers.map((layer) => [
      layer.id,
      layer.outputShape.join(' x '),
      layer.parameters.toLocaleString('en'),
      layer.macs.toLocaleString('en'),
    ]),
    words: `${parameters.toLocaleString('en')} parameters (${kilobytes(parameters)}), ${macs.toLocaleString('en')} multiply-adds for a picture, and outputs of ${kilobytes(activations)}.`,
  };
}

/** Trains a design on 400 digits for eight epochs. */
export const trainDesign = (host: CourseHost, line: string, seed = 1): Promise<WatchedTraining> =>
  withEngine(host, (engine) =>
    trainWatched(host, engine, digitParts({ train: 400, val: 300 }), { model: parseShorthand(line), epochs: 8, seed }),
  );
