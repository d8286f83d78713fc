import { convolve, type Grid } from '../../convolve.ts';
import type { Exercise } from '../../lesson.ts';

/** A bright square on a dark ground: rows and columns 2 to 5 of 8. */
const square: Grid = Array.from({ length: 8 }, (_, r) =>
  Array.from({ length: 8 }, (_, c) => (r >= 2 && r <= 5 && c >= 2 && c <= 5 ? 100 : 0)),
);

/** Middles of its sides, in the feature map of a 3x3 kernel without padding. */
const places = { top: [1, 3], bottom: [4, 3], left: [3, 1], right: [3, 4], inside: [2, 2], outside: [5, 5] } as const;

export const exercise: Exercise = {
  task: 'Make a 3x3 kernel that answers to the *bottom* edge of a bright square with a positive number, to its top edge with a negative one, and to its left and right edges, and to plain ground, with zero. Write its nine weights row by row.',
  options: {
    kernel: {
      type: 'numbers',
      minimum: -10,
      maximum: 10,
      doc: 'Nine weights: the first row from left to right, then the second, then the third.',
    },
  },
  async check(host, { kernel }) {
    const weights = kernel as readonly number[];
    if (weights.length !== 9) {
      return { right: false, words: `A 3x3 kernel has nine weights; there are ${weights.length}.`, figures: [] };
    }
    const grid = [0, 1, 2].map((r) => weights.slice(3 * r, 3 * r + 3));
    const engine = await host.createEngine();
    try {
      const { output } = await convolve(engine, square, grid);
      const at = (name: keyof typeof places): number => output[places[name][0]][places[name][1]];
      const [top, bottom, left, right, inside] = (['top', 'bottom', 'left', 'right', 'inside'] as const).map(at);
      const figures = [
        {
          kind: 'numbers' as const,
          title: 'What your kernel makes of the square',
          values: output,
          scale: 'diverging' as const,
          decimals: 0,
          words: `At the top edge ${top.toFixed(0)}, at the bottom ${bottom.toFixed(0)}, at the left ${left.toFixed(0)}, at the right ${right.toFixed(0)}, inside ${inside.toFixed(0)}.`,
        },
      ];
      const wrong = (words: string) => ({ right: false, words, figures });
      if (Math.abs(inside) > 1e-3) {
        return wrong('On plain ground the answer must be zero: the nine weights have to add up to zero.');
      }
      if (Math.abs(left) > 1e-3 || Math.abs(right) > 1e-3) {
        return Math.abs(bottom) < 1e-3
          ? wrong(
              'This one answers to vertical edges. Turn it: differences must run from row to row, not from column to column.',
            )
          : wrong(
              'It answers to vertical edges too: in each row the three weights should be mirrored, so that left and right cancel out.',
            );
      }
      if (bottom < 0) {
        return wrong(
          'It finds the right edges with the wrong sign: at the bottom edge light is above and dark below, so the upper weights must be the positive ones.',
        );
      }
      if (bottom < 1e-3) return wrong('It answers to no edge at all: the upper and the lower row must differ.');
      return {
        right: true,
        words: 'It finds horizontal edges, and tells by its sign on which side the light is.',
        figures,
      };
    } finally {
      await engine.dispose();
    }
  },
  solution: { kernel: [1, 2, 1, 0, 0, 0, -1, -2, -1] },
  mistakes: [
    { answer: { kernel: [-1, -2, -1, 0, 0, 0, 1, 2, 1] }, hint: 'wrong sign' },
    { answer: { kernel: [1, 0, -1, 2, 0, -2, 1, 0, -1] }, hint: 'Turn it' },
    { answer: { kernel: [1, 1, 1, 1, 1, 1, 1, 1, 1] }, hint: 'add up to zero' },
    { answer: { kernel: [1, 2, 1, 0, 0, 0] }, hint: 'nine weights' },
  ],
};
