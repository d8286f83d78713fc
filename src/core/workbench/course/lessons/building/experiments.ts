import { buildModel } from '../../../../model/build.ts';
import { applyMend, ModelError } from '../../../../model/mend.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import { adapt, type ModelSpec } from '../../../../model/spec.ts';
import { summarize } from '../../../../model/summary.ts';
import type { Figure } from '../../figure.ts';
import type { Experiment } from '../../lesson.ts';
import { designLine, designOptions, digitData, layerTable, summarizeDraft } from './design.ts';

export const count: Experiment = {
  id: 'count',
  title: 'Count before you train',
  doc: 'Build a network and follow shapes and parameters. Nothing is trained. Then switch pooling off and see which layer grows.',
  options: designOptions,
  pace: 'instant',
  async run(_host, options) {
    const line = designLine(options);
    const summary = summarizeDraft(parseShorthand(line));
    const { layers, parameters, macs } = summary;
    const largest = layers.reduce((most, layer) => (layer.parameters > most.parameters ? layer : most));
    const busiest = layers.reduce((most, layer) => (layer.macs > most.macs ? layer : most));
    return {
      figures: [
        layerTable(line, summary),
        {
          kind: 'bars',
          title: 'Where the parameters are',
          unit: 'parameters',
          bars: layers
            .filter((layer) => layer.parameters > 0)
            .map((layer) => ({ name: layer.id, value: layer.parameters })),
          words: `${((100 * largest.parameters) / parameters).toFixed(0)} % of the parameters are in ${largest.id}; ${((100 * busiest.macs) / macs).toFixed(0)} % of the work is in ${busiest.id}.`,
        },
      ],
      numbers: {
        parameters,
        first: layers[0].parameters,
        largestShare: largest.parameters / parameters,
        firstWork: layers[0].macs / macs,
      },
    };
  },
};

/** Networks that do not fit, each for another reason. */
export const broken = [
  'conv 8 5, relu, pool 2, linear',
  'conv 8 5, relu, pool 2, conv 16 5, relu, pool 2, conv 32 5, relu, flatten, linear',
  'conv 8 5, relu, pool 2, flatten, linear 5',
] as const;

/** @returns why the model does not fit, with mends; undefined where it does. @throws whatever else goes wrong. */
function misfitOf(model: ModelSpec): ModelError | undefined {
  try {
    buildModel(model, { training: false, inputType: 'float32' });
    return undefined;
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
}

export const mend: Experiment = {
  id: 'mend',
  title: 'Mend three broken networks',
  doc: 'Read the error: it names the layer, what it wants and what came in. Think of a mend before you choose one.',
  options: {
    network: { type: 'integer', minimum: 1, maximum: broken.length, default: 1, doc: 'Which network.' },
    mend: { type: 'integer', minimum: 0, maximum: 3, default: 0, doc: 'Which of the proposed mends; 0: none yet.' },
  },
  pace: 'instant',
  async run(_host, options) {
    const line = broken[(options.network as number) - 1];
    const model = adapt(parseShorthand(line), digitData);
    const misfit = misfitOf(model);
    const mends = misfit?.mends ?? [];
    const figures: Figure[] = [
      {
        kind: 'table',
        title: line,
        columns: ['what', 'words'],
        rows: [
          ['error', misfit?.message ?? 'none'],
          ...mends.map(({ text, complete }, i) => [
            `mend ${i + 1}`,
            `${text}${complete ? '' : ' (then another layer is still wrong)'}`,
          ]),
        ],
        words: `Layer '${misfit?.layer}' got ${misfit?.incoming.map((shape) => shape.join(' x ')).join(' and ')}. ${mends.length} mends were tried and help.`,
      },
    ];
    const chosen = mends[(options.mend as number) - 1];
    if (chosen) {
      const mended = { ...model, layers: applyMend(model.layers, chosen.changes) };
      const left = misfitOf(mended);
      figures.push(
        left
          ? {
              kind: 'table',
              title: 'Still',
              columns: ['error'],
              rows: [[left.message]],
              words: `Now layer '${left.layer}' is wrong.`,
            }
          : layerTable(`Mended: ${chosen.text}`, summarize(mended)),
      );
    }
    return { figures, numbers: { mends: mends.length, whole: mends.filter(({ complete }) => complete).length } };
  },
};
