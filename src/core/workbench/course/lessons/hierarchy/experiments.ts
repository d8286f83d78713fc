import { pictureAt } from '../../../../dataset/dataset.ts';
import { drawPanel } from '../../../../explain/draw/draw.ts';
import { activationMaximisation } from '../../../../explain/methods/activationMaximisation.ts';
import { featureMaps } from '../../../../explain/methods/featureMaps.ts';
import type { Explanation } from '../../../../explain/methods/method.ts';
import { topImages } from '../../../../explain/methods/topImages.ts';
import type { Panel } from '../../../../explain/panel.ts';
import type { PicturesFigure } from '../../figure.ts';
import type { Experiment } from '../../lesson.ts';
import { percent } from '../../words.ts';
import { channelsOf, convolutionOf, fieldOf, lookInto, nearestAgree, type Stage, stages } from './looked-into.ts';

const training = { pictures: 2000, epochs: 6 } as const;
const seedOption = {
  type: 'integer',
  minimum: 0,
  maximum: 1000,
  default: 1,
  doc: 'All chance follows from it.',
} as const;
export const stageOption = {
  type: 'choice',
  choices: stages,
  default: 'relu3',
  doc: 'After which convolution.',
} as const;
export const channelOption = {
  type: 'integer',
  minimum: 0,
  maximum: 31,
  default: 4,
  doc: 'Which channel: 8, 16 and 32 there are.',
} as const;
/** A channel that the stage has. */
export const channelIn = (stage: Stage, channel: number): number => channel % channelsOf[stage];

export const panelFigure = (title: string, panels: readonly Panel[], words: string, columns = 4): PicturesFigure => ({
  kind: 'pictures',
  title,
  columns,
  pictures: panels.map((panel) => ({ picture: drawPanel(panel), caption: panel.title })),
  words,
});

/** `a 5: 43.93` for `5 195: 43.93`: which of the pictures it is says nothing to a learner. */
export const recaptioned = (panel: Panel): Panel => ({
  ...panel,
  title: panel.title.replace(/^(\d) \d+: /, (_, digit: string) => `${digit === '8' ? 'an' : 'a'} ${digit}: `),
});

/** Under which pictures these are the ones, and what the frame is. */
export const wordsOfTop = (
  { panels, numbers }: Pick<Explanation, 'panels' | 'numbers'>,
  { layer, channel }: { readonly layer: string; readonly channel: number },
): string =>
  `Of ${numbers.searched} digits that it did not learn from, these ${panels.length} make channel ${channel} of ${layer} largest. Below each stands which digit it is, and how strongly the channel answers. The frame is what the unit sees there.`;

export const maps: Experiment = {
  id: 'maps',
  title: 'Follow a digit through the layers',
  doc: 'Trains the network, then shows what each convolution makes of one digit. Try another digit, and look which maps change.',
  options: {
    picture: { type: 'integer', minimum: 0, maximum: 99, default: 5, doc: 'Which of 100 digits it never saw.' },
    seed: seedOption,
  },
  pace: { seconds: 6 },
  run: (host, options) =>
    lookInto(host, { ...training, seed: options.seed as number }, async ({ explainer, others, valAccuracy, hash }) => {
      const picture = explainer.prepare(pictureAt(others, options.picture as number));
      const figures = [];
      const numbers: Record<string, number> = { valAccuracy };
      for (const layer of stages) {
        const { panels, words, numbers: found } = await featureMaps.run(explainer, picture, { layer, most: 8 });
        figures.push(
          panelFigure(`${layer}: each unit sees ${fieldOf[layer]} x ${fieldOf[layer]} pixels`, panels, words.join(' ')),
        );
        numbers[`${layer} active`] = found.active;
      }
      const asked: Panel = { kind: 'picture', title: 'the digit', picture: picture.picture };
      const said = explainer.classifier.classNames[await explainer.predict(picture)];
      return {
        figures: [panelFigure('The digit', [asked], `The network says ${said}.`, 1), ...figures],
        numbers,
        hash,
      };
    }),
};

export const units: Experiment = {
  id: 'units',
  title: 'What a unit wants',
  doc: 'Shows the digits to which a channel answers most, what it sees of them framed, and a picture made up to please it.',
  options: { stage: stageOption, channel: channelOption, seed: seedOption },
  pace: { seconds: 7 },
  run: (host, options) =>
    lookInto(host, { ...training, seed: options.seed as number }, async ({ explainer, others, hash }) => {
      const stage = options.stage as Stage;
      const channel = channelIn(stage, options.channel as number);
      const { signal } = host;
      const unit = { layer: convolutionOf[stage], channel };
      const top = await topImages.run(explainer, undefined, { unit, data: others, most: 8, signal });
      const made = await activationMaximisation.run(explainer, undefined, { unit, signal });
      return {
        figures: [
          panelFigure('The digits that it likes most', top.panels.map(recaptioned), wordsOfTop(top, unit)),
          panelFigure('Made up to please it', made.panels, made.words.join(' '), 1),
        ],
        numbers: { largest: top.numbers.largest, made: made.numbers.after },
        hash,
      };
    }),
};

export const hierarchy: Experiment = {
  id: 'hierarchy',
  title: 'Find the nearest',
  doc: 'For each of 200 digits, look for the one that a layer takes for most alike. How often is it the same digit?',
  options: { seed: seedOption },
  pace: { seconds: 10 },
  run: (host, options) =>
    lookInto(host, { ...training, seed: options.seed as number }, async (opened) => {
      const bars: { name: string; value: number }[] = [];
      const numbers: Record<string, number> = {};
      for (const layer of ['input', ...stages]) {
        host.signal?.throwIfAborted();
        numbers[layer] = await nearestAgree(opened, layer);
        bars.push({ name: layer === 'input' ? 'pixels' : layer, value: Math.round(1000 * numbers[layer]) / 10 });
      }
      return {
        figures: [
          {
            kind: 'bars',
            title: 'The most alike is the same digit',
            unit: '%',
            bars,
            words: `By the pixels ${percent(numbers.input)}, after the first convolution ${percent(numbers.relu1)}, after the second ${percent(numbers.relu2)}, after the third ${percent(numbers.relu3)}.`,
          },
        ],
        numbers,
        hash: opened.hash,
      };
    }),
};
