import type { Exercise } from '../../lesson.ts';
import { costOf, type Landmark, landmarks, millions } from './experiments.ts';

const budget = { parameters: 5e6, macs: 320e6, side: 224 };

export const exercise: Exercise = {
  task: 'Choose a network for a telephone that tells five classes apart. It must take pictures of at least 224 x 224, multiply at most 320 million times a picture, have at most 5 million parameters, and add short cuts around its blocks, so that it trains well although it is deep. Try networks and sizes.',
  options: {
    network: { type: 'choice', choices: landmarks.map(([name]) => name), doc: 'Which network.' },
    side: { type: 'integer', minimum: 32, maximum: 320, doc: 'Height and width of its pictures.' },
  },
  async check(_host, answer) {
    const [name, side] = [answer.network as Landmark, answer.side as number];
    const { parameters, macs, adds, depthwise } = costOf(name, side, 5);
    const figures = [
      {
        kind: 'bars' as const,
        title: `${name} for pictures of ${side} x ${side}`,
        unit: 'million',
        bars: [
          { name: 'parameters', value: parameters / 1e6 },
          { name: 'parameters allowed', value: budget.parameters / 1e6 },
          { name: 'multiplications', value: macs / 1e6 },
          { name: 'multiplications allowed', value: budget.macs / 1e6 },
        ],
        words: `${millions(parameters)} million parameters and ${millions(macs)} million multiplications a picture.`,
      },
    ];
    const wrong = (words: string) => ({ right: false, words, figures });
    if (side < budget.side)
      return wrong('The pictures must be 224 x 224 at least: smaller ones hide what is to be told apart.');
    if (parameters > budget.parameters) {
      return wrong(
        depthwise
          ? 'Too many parameters, though it saves multiplications: look for a smaller one of its kind.'
          : 'Too many parameters. Networks with depthwise convolutions do the same with a fraction.',
      );
    }
    if (macs > budget.macs) {
      return wrong('It is small, but it multiplies too much: the cost grows with the area of the pictures.');
    }
    if (!adds) return wrong('It is within the budget, but nothing is added around its blocks: it has no short cuts.');
    return {
      right: true,
      words: `It fits: ${millions(parameters)} million parameters, ${millions(macs)} million multiplications.`,
      figures,
    };
  },
  solution: { network: 'mobilenet_v2', side: 224 },
  mistakes: [
    { answer: { network: 'resnet50', side: 224 }, hint: 'depthwise' },
    { answer: { network: 'mobilenet_v2', side: 96 }, hint: '224 x 224 at least' },
    { answer: { network: 'mobilenet_v2', side: 320 }, hint: 'grows with the area' },
    { answer: { network: 'lenet5', side: 224 }, hint: 'Too many parameters' },
  ],
};
