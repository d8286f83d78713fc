import type { TestOutcome } from '../../core/workbench/test.ts';
import { count, percent, plural } from './numbers.ts';
import { table, wrap } from './table.ts';
import { harmless, type Terminal } from './terminal.ts';

const between = ([low, high]: readonly [number, number]): string => `${percent(low)} to ${percent(high)}`;
const points = (value: number): string => `${value > 0 ? '+' : ''}${(100 * value).toFixed(2)}`;

/** What is told of a test below its figures: mistakes, unknown, slices, other models, foreign and disturbed pictures. */
export function printFurther({ terminal }: { readonly terminal: Terminal }, outcome: TestOutcome): void {
  const { calibration, rejection, slices, others, foreign, robustness, errors, classes, testTimeAugmentation } =
    outcome;
  const say = (text: string): void => {
    for (const line of wrap(harmless(text), terminal.columns - 2)) terminal.out(line);
  };
  const surest = errors.surestMistakes.slice(0, 3);
  if (surest.length > 0) {
    terminal.out('');
    terminal.out('The surest mistakes:');
    for (const { origin, predicted, label, probability } of surest) {
      const words = `${origin}: ${classes[predicted].class} with ${percent(probability)}, is ${classes[label].class}`;
      terminal.out(`  ${harmless(words)}`);
    }
  }
  terminal.out('');
  if (testTimeAugmentation) {
    say('Each answer is the mean over a picture and its mirror image (test-time augmentation).');
  }
  const { temperature, ece } = calibration;
  say(
    temperature === 1
      ? 'Probabilities are the bare softmax (temperature 1).'
      : `Temperature ${temperature.toFixed(3)}, from validation pictures: calibration error ${percent(ece.before, 2)} without it, ${percent(ece.after, 2)} with it.`,
  );
  if (rejection) {
    say(
      `Below ${percent(rejection.threshold)} it says unknown: ${percent(rejection.coverage)} of the pictures are answered, ${percent(rejection.accuracy)} of them rightly (${between(rejection.interval)}).`,
    );
  }
  const worse = slices.filter(({ real, difference }) => real && difference < 0);
  if (worse.length > 0) {
    terminal.out('');
    terminal.out('Worse than the rest by more than chance:');
    for (const { by, value, images, accuracy, interval } of worse.slice(0, 5)) {
      say(`  ${by} ${value}: ${percent(accuracy)} of ${count(images)} (${between(interval)})`);
    }
  }
  for (const [i, { run, model, accuracy, comparison }] of others.entries()) {
    const { difference, interval, onlyFirst, onlySecond, midP } = comparison;
    if (i === 0) terminal.out('');
    const verdict = midP < 0.05 ? (difference > 0 ? 'better' : 'worse') : 'perhaps chance';
    say(
      `${run} (${model}): ${percent(accuracy, 2)}, ${points(difference)} points (${points(interval[0])} to ${points(interval[1])}); only the first is right on ${count(onlyFirst)}, only this one on ${count(onlySecond)}; McNemar p ${midP < 0.001 ? 'below 0.001' : midP.toFixed(3)}: ${verdict}.`,
    );
  }
  if (foreign) {
    terminal.out('');
    const [low, high] = foreign.interval.map((value) => value.toFixed(4));
    say(
      `${plural(foreign.images, 'picture')} of '${foreign.name}' are noticed as foreign with AUROC ${foreign.auroc.toFixed(4)} (${low} to ${high}; ${foreign.scores[0].name}). Where 95 % of the test pictures pass, ${percent(foreign.falseAlarms)} of those pass too.`,
    );
  }
  for (const { run, curves } of robustness ?? []) {
    terminal.out('');
    terminal.out(harmless(`Disturbed pictures (${count(curves[0]?.images ?? 0)}), ${run}: accuracy by level`));
    const rows = curves.map(({ name, unit, points: levels }) => [
      name,
      levels.map(({ level, accuracy }) => `${level}: ${percent(accuracy, 0)}`).join('  '),
      unit,
    ]);
    const columns = [{ title: 'by' }, { title: 'level: accuracy' }, { title: 'level in' }];
    for (const line of table(columns, rows)) terminal.out(line);
  }
}
