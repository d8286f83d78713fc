import { topImages } from '../../../../explain/methods/topImages.ts';
import type { Exercise } from '../../lesson.ts';
import { channelIn, channelOption, panelFigure, recaptioned, stageOption, wordsOfTop } from './experiments.ts';
import { fieldOf, lookInto, type Stage } from './looked-into.ts';

/** Less training than in the experiments, so that an answer is tried out within a second or two. */
const training = { pictures: 600, epochs: 8, seed: 1, others: 400 } as const;
const shown = 12;
const alike = 7;

export const exercise: Exercise = {
  task: 'Find a unit that has become a detector of one digit: among the 12 pictures (of 400) to which it answers most, at least 7 show the same digit. This network learnt from 600 digits only, so its units are others than above; try some.',
  options: { stage: { ...stageOption, default: 'relu1' }, channel: { ...channelOption, default: 0 } },
  check: (host, answer) =>
    lookInto(host, training, async ({ explainer, others }) => {
      const stage = answer.stage as Stage;
      const channel = channelIn(stage, answer.channel as number);
      const unit = { layer: stage, channel };
      const top = await topImages.run(explainer, undefined, { unit, data: others, most: shown });
      // A panel's title begins with the class.
      const labels = top.panels.map(({ title }) => title.split(' ')[0]);
      const count = (label: string): number => labels.filter((one) => one === label).length;
      const first = labels.reduce((best, label) => (count(label) > count(best) ? label : best));
      const figures = [
        panelFigure(`Channel ${channel} of ${stage}`, top.panels.map(recaptioned), wordsOfTop(top, unit)),
      ];
      const wrong = (text: string) => ({ right: false, words: text, figures });
      if (top.numbers.largest <= 0) {
        return wrong(
          'This channel answers 0 to every picture: relu cuts all of it off. Such a unit is called dead. Take another.',
        );
      }
      if (count(first) >= alike) {
        return {
          right: true,
          words: `${count(first)} of ${shown} show a ${first}. Look at the others: what do they have in common with it?`,
          figures,
        };
      }
      const found = `Only ${count(first)} of ${shown} show the same digit.`;
      return stage === 'relu1'
        ? wrong(
            `${found} A unit here sees ${fieldOf[stage]} x ${fieldOf[stage]} pixels: a piece of a stroke, and many digits have it. Go deeper.`,
          )
        : wrong(`${found} This unit answers to something that several digits share. Try another channel.`);
    }),
  solution: { stage: 'relu3', channel: 1 },
  mistakes: [
    { answer: { stage: 'relu1', channel: 0 }, hint: 'Go deeper' },
    { answer: { stage: 'relu3', channel: 2 }, hint: 'dead' },
    { answer: { stage: 'relu3', channel: 7 }, hint: 'several digits share' },
  ],
};
