import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { listed } from './words.ts';

export const neverPredicted: Check = {
  kind: 'never-predicted',
  doc: 'classes that are never predicted',
  yieldsTo: [
    ...['single-class', 'class-missing', 'learning-rate-high', 'learning-rate-low', 'divergence', 'dead-units'],
    ...['vanishing-gradients', 'exploding-gradients', 'val-too-small'],
  ],
  examine({ history, predictions, facts, last, recipe, again }) {
    if (!facts || !last || history.length < 3) return undefined;
    const recent = [last.epoch - 1, last.epoch].map((epoch) => predictions('val', epoch)?.predicted);
    const never = facts.classNames.flatMap((name, c) =>
      facts.val[c] >= 5 && facts.train[c] > 0 && recent.every((predicted) => predicted?.[c] === 0) ? [{ name, c }] : [],
    );
    if (never.length === 0) return undefined;
    const pictures = never.map(({ c }) => facts.train[c]);
    const most = Math.max(...facts.train);
    const rare = Math.min(...pictures) < 0.5 * most;
    return {
      severity: 'warning',
      since: last.epoch - 1,
      evidence: { classes: never.map(({ name }) => name), trainPictures: Math.min(...pictures), ofLargestClass: most },
      words: say`No validation picture is ever taken for ${listed(never.map(({ name }) => name))}, though there are some.${rare ? say` With ${Math.min(...pictures)} training pictures against ${most} of the largest class it pays to guess the others.` : say` The model has given these classes up, or their labels are mixed up with others.`}`,
      next: again(say`See every class equally often: these classes should appear among the predictions.`, {
        sampling: 'balanced',
        epochs: recipe.epochs,
      }),
    };
  },
};
