import { parseShorthand } from '../../../../model/shorthand.ts';
import { adapt } from '../../../../model/spec.ts';
import { summarize } from '../../../../model/summary.ts';
import type { RecipeChoices } from '../../../../train/choose-recipe.ts';
import type { Experiment } from '../../lesson.ts';
import { digitParts, lossCurves, trainWatched } from '../../watched-training.ts';
import { withEngine } from '../../with-engine.ts';
import { grouped } from '../../words.ts';

const pictures = 500;
const largeModel = 'conv 16, relu, pool 2, conv 32, relu, pool 2, flatten, linear 64, relu, linear';

interface Setting {
  readonly name: string;
  readonly pictures: number;
  readonly choices: RecipeChoices & { readonly epochs: number };
}

/** Everything off: 500 pictures, no weight decay, no dropout, no change of the pictures. */
const off: Setting = { name: 'all off', pictures, choices: { epochs: 20, weightDecay: 0 } };
const withChoices = (name: string, choices: RecipeChoices): Setting => ({
  ...off,
  name,
  choices: { ...off.choices, ...choices },
});
/** Fewer epochs over more pictures: as many steps as without. */
const withPictures = (count: number): Setting => ({
  name: `${count} pictures`,
  pictures: count,
  choices: { ...off.choices, epochs: (off.choices.epochs * pictures) / count },
});

/** THE LIST of knobs: for each, one setting that is meant to help, and one that is too much of it. */
export const knobs = {
  'weight decay': [
    withChoices('weight decay 1', { weightDecay: 1 }),
    withChoices('weight decay 30', { weightDecay: 30 }),
  ],
  dropout: [withChoices('dropout 0.5', { dropout: 0.5 }), withChoices('dropout 0.9', { dropout: 0.9 })],
  augmentation: [
    withChoices('shifts of 2', { augmentation: { crop: 2 } }),
    withChoices('shifts of 10', { augmentation: { crop: 10 } }),
  ],
  'more pictures': [withPictures(1000), withPictures(2000)],
} as const satisfies Readonly<Record<string, readonly Setting[]>>;

export const oneKnob: Experiment = {
  id: 'one-knob',
  title: 'One knob at a time',
  doc: 'Trains with everything off, then with two settings of one knob. All see the same number of pictures in all.',
  options: {
    knob: { type: 'choice', choices: Object.keys(knobs), default: 'augmentation', doc: 'Which one is turned.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 10 },
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const seed = options.seed as number;
      const results = [];
      for (const setting of [off, ...knobs[options.knob as keyof typeof knobs]]) {
        const parts = digitParts({ train: setting.pictures, val: 500 });
        // Validation pictures are the same ones, however many there are to learn from.
        const { val } = digitParts({ train: 2000, val: 500 });
        const choices = { ...setting.choices, seed, model: parseShorthand(largeModel) };
        const { trained, hash } = await trainWatched(
          host,
          engine,
          { train: parts.train, val },
          choices,
          `${setting.name}, `,
        );
        results.push({
          name: setting.name,
          last: trained.history[trained.history.length - 1],
          history: trained.history,
          hash,
        });
      }
      const [first, helped] = results;
      const ratio = helped.last.valLoss / first.last.valLoss;
      return {
        figures: [
          {
            kind: 'bars',
            title: 'Val loss at the end',
            unit: 'val loss',
            bars: results.map(({ name, last }) => ({ name, value: last.valLoss })),
            words: `Val loss ends at ${results.map(({ name, last }) => `${last.valLoss.toFixed(3)} with ${name}`).join(', ')}.`,
          },
          {
            kind: 'table',
            title: 'And the gap',
            columns: ['setting', 'train loss', 'val loss', 'val accuracy'],
            rows: results.map(({ name, last }) => [
              name,
              (last.trainLoss ?? Number.NaN).toFixed(3),
              last.valLoss.toFixed(3),
              `${(100 * last.valAccuracy).toFixed(1)} %`,
            ]),
            words: `With ${helped.name} val loss is ${(100 * ratio).toFixed(0)} % of what it is with all off.`,
          },
          lossCurves(
            `The curves with ${helped.name}`,
            helped.history,
            `Train loss ends at ${(helped.last.trainLoss ?? Number.NaN).toFixed(3)}, val loss at ${helped.last.valLoss.toFixed(3)}.`,
          ),
        ],
        numbers: {
          off: first.last.valLoss,
          helped: helped.last.valLoss,
          ratio,
          muchRatio: results[2].last.valLoss / first.last.valLoss,
        },
        hash: results[1].hash,
      };
    }),
};

/** Networks from the simplest to the largest, fully connected ones and others. */
const networks = [
  ['one layer', 'flatten, linear'],
  ['32 units between', 'flatten, linear 32, relu, linear'],
  ['256 units between', 'flatten, linear 256, relu, linear'],
  ['convolutions', 'conv 8, relu, pool 2, conv 16, relu, pool 2, flatten, linear 32, relu, linear'],
] as const;

export const complexity: Experiment = {
  id: 'complexity',
  title: 'How a network is connected',
  doc: 'Trains four networks on 500 pictures. Compare how many parameters each has with how well it does on new pictures.',
  options: {
    epochs: { type: 'integer', minimum: 5, maximum: 30, default: 15, doc: 'How often each sees each picture.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 5 },
  async run(host, options) {
    const parts = digitParts({ train: pictures, val: 500 });
    const results = [];
    for (const [name, layers] of networks) {
      const model = parseShorthand(layers);
      const choices = { model, epochs: options.epochs as number, seed: options.seed as number };
      // Each has layers of the same names and other sizes, so each has an engine of its own.
      const { trained, hash } = await withEngine(host, (engine) =>
        trainWatched(host, engine, parts, choices, `${name}, `),
      );
      const { parameters } = summarize(adapt(model, { input: [28, 28, 1], classes: 10 }));
      results.push({ name, parameters, last: trained.history[trained.history.length - 1], hash });
    }
    const [narrow, wide, conv] = results.slice(-3);
    return {
      figures: [
        {
          kind: 'table',
          title: 'Four networks, the same 500 pictures',
          columns: ['network', 'parameters', 'train loss', 'val loss', 'val accuracy'],
          rows: results.map(({ name, parameters, last }) => [
            name,
            parameters.toLocaleString('en'),
            (last.trainLoss ?? Number.NaN).toFixed(3),
            last.valLoss.toFixed(3),
            `${(100 * last.valAccuracy).toFixed(1)} %`,
          ]),
          words: `Val loss ${wide.last.valLoss.toFixed(3)} with ${grouped(wide.parameters)} parameters that are fully connected, ${conv.last.valLoss.toFixed(3)} with ${grouped(conv.parameters)} that are mostly shared or behind convolutions.`,
        },
      ],
      numbers: {
        parameterRatio: conv.parameters / wide.parameters,
        lossRatio: conv.last.valLoss / wide.last.valLoss,
        wideToNarrow: wide.last.valLoss / narrow.last.valLoss,
        wideGap: wide.last.valLoss / (wide.last.trainLoss ?? Number.NaN),
      },
      hash: conv.hash,
    };
  },
};
