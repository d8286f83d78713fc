import type { Exercise } from '../../lesson.ts';
import { fieldTable, stackOptions } from './experiments.ts';
import { convolutionsOf, type Stack, stackOf } from './stack.ts';

const side = 32;
const wanted = { field: 25, map: 8, parameters: 5000 } as const;

export const exercise: Exercise = {
  task: 'The things that you want to tell apart are 25 pixels wide, in pictures of 32 x 32. Stack convolutions of 8 kernels so that a unit of the last one sees at least 25 x 25 pixels, while its map still has at least 8 x 8 places and all the convolutions together have at most 5,000 parameters.',
  options: stackOptions,
  async check(_host, answer) {
    const layers = convolutionsOf(stackOf(answer as unknown as Stack), side);
    const { receptiveField, outputShape } = layers[layers.length - 1];
    const [field] = receptiveField.size;
    const [map] = outputShape;
    const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
    const figures = [fieldTable('Your stack', layers)];
    const wrong = (words: string) => ({ right: false, words, figures });
    if (map < wanted.map) {
      return wrong(
        `A unit sees ${field} x ${field} pixels, but the map has only ${map} x ${map} places: too coarse to tell where things are. Use stride 2 less often.`,
      );
    }
    if (field < wanted.field) {
      return wrong(
        `A unit sees only ${field} x ${field} pixels. Each further layer adds more once a stride of 2 came before it: a step of the kernel then is worth two pixels or four.`,
      );
    }
    if (parameters > wanted.parameters) {
      return wrong(
        `It sees ${field} x ${field}, with ${parameters} parameters: too many. Large kernels pay with their square; several small ones see as much for less.`,
      );
    }
    return {
      right: true,
      words: `A unit sees ${field} x ${field} pixels, the map has ${map} x ${map} places, and ${parameters} parameters were enough.`,
      figures,
    };
  },
  solution: { layers: 5, kernel: 3, halvings: 2, dilation: 1 },
  mistakes: [
    { answer: { layers: 4, kernel: 3, halvings: 2, dilation: 1 }, hint: 'sees only 23 x 23' },
    { answer: { layers: 3, kernel: 7, halvings: 2, dilation: 1 }, hint: 'pay with their square' },
    { answer: { layers: 5, kernel: 3, halvings: 3, dilation: 1 }, hint: 'too coarse' },
    { answer: { layers: 8, kernel: 3, halvings: 0, dilation: 1 }, hint: 'sees only 17 x 17' },
  ],
};
