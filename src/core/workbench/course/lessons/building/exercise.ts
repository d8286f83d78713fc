import { FoveaError } from '../../../../errors.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import type { ModelSummary } from '../../../../model/summary.ts';
import type { Exercise } from '../../lesson.ts';
import { lossCurves } from '../../watched-training.ts';
import { designLine, designOptions, layerTable, summarizeDraft, trainDesign } from './design.ts';

const mostParameters = 100_000;
const goal = 0.8;

/** The form without defaults: every field of an answer is the learner's own. */
const asked = Object.fromEntries(
  Object.entries(designOptions).map(([name, { default: _, ...option }]) => [name, option]),
);

export const exercise: Exercise = {
  task: 'Design a network with fewer than 100,000 parameters that is right on more than 80 % of the validation pictures, after eight epochs on only 400 digits. Count first, then train: your design is trained as soon as it is small enough.',
  options: asked,
  async check(host, answer) {
    const line = designLine(answer);
    let summary: ModelSummary;
    try {
      summary = summarizeDraft(parseShorthand(line));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      return { right: false, words: `These layers do not fit. ${error.message}`, figures: [] };
    }
    const { layers, parameters } = summary;
    const table = layerTable(line, summary);
    if (parameters >= mostParameters) {
      const largest = layers.reduce((most, layer) => (layer.parameters > most.parameters ? layer : most));
      const share = `${parameters.toLocaleString('en')} parameters are too many, and ${largest.parameters.toLocaleString('en')} of them are in ${largest.id}.`;
      const words = !answer.pooling
        ? `${share} Without pooling it has a weight for every place of a large map. Make the map smaller.`
        : `${share} It has a weight for every pair of an input and a unit: fewer units, or a smaller map before it.`;
      return { right: false, words, figures: [table] };
    }
    const { trained } = await trainDesign(host, line);
    const best = trained.best!;
    const accuracy = `${(100 * best.valAccuracy).toFixed(1)} %`;
    const figures = [
      table,
      lossCurves(
        'Its training',
        trained.history,
        `Right on ${accuracy} of the validation pictures after epoch ${best.epoch}.`,
      ),
    ];
    const wrong = (words: string) => ({ right: false, words: `${accuracy} are right. ${words}`, figures });
    if (best.valAccuracy > goal) {
      return {
        right: true,
        words: `${accuracy} of the validation pictures are right, with ${parameters.toLocaleString('en')} parameters.`,
        figures,
      };
    }
    if (answer.filters1 === 0 && answer.filters2 === 0) {
      return wrong(
        'Without a convolution each pixel has weights of its own, and 400 pictures are too few to learn them.',
      );
    }
    if (answer.filters1 === 0 || answer.filters2 === 0) {
      return wrong('One convolution only finds edges and strokes. Let a second one put them together.');
    }
    return wrong('There are too few kernels to tell ten digits apart. You have parameters to spare.');
  },
  solution: { filters1: 8, filters2: 16, kernelSize: 3, pooling: true, units: 0 },
  mistakes: [
    { answer: { filters1: 0, filters2: 0, kernelSize: 3, pooling: true, units: 64 }, hint: 'Without a convolution' },
    { answer: { filters1: 16, filters2: 32, kernelSize: 3, pooling: false, units: 64 }, hint: 'Without pooling' },
    { answer: { filters1: 32, filters2: 64, kernelSize: 3, pooling: true, units: 128 }, hint: 'fewer units' },
    { answer: { filters1: 4, filters2: 0, kernelSize: 5, pooling: true, units: 0 }, hint: 'a second one' },
    { answer: { filters1: 1, filters2: 2, kernelSize: 3, pooling: true, units: 0 }, hint: 'too few kernels' },
  ],
};
