import { largestConfusions } from '../../core/evaluate/confusion.ts';
import type { TestOutcome } from '../../core/workbench/test.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { count, loss, percent, plural } from '../terminal/numbers.ts';
import { table, wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { countProgress, seedOption, skippedLines, threadsOption, turboOption } from './shared.ts';

export const test: CommandDefinition = {
  name: 'test',
  doc: 'Tests a run on the test pictures of its data, which training never saw, and counts the look.',
  arguments: [{ name: '<run>', doc: "a run's folder, or a model's .safetensors file" }],
  options: [
    { flags: '--data <data>', doc: 'test on the test part of other data' },
    threadsOption,
    turboOption,
    seedOption,
  ],
  examples: [
    ['fovea test runs/photos-vgg6-bn-1', 'accuracy with its interval, and how each class does'],
    ['fovea test best.safetensors --data photos', 'tests a model file'],
  ],

  async run(context, [run], { data, threads }) {
    const reading = countProgress(context, 'Reading pictures');
    const testing = countProgress(context, 'Testing');
    const skipped: { origin: string; reason: string }[] = [];
    const notes: string[] = [];
    const outcome = await context.workbench
      .test(
        { run: run as string, data: data as string | undefined, threads: threads as number | undefined },
        {
          signal: context.signal,
          onEvent(event) {
            if (event.kind === 'reading') reading.show(event.done, event.total);
            else if (event.kind === 'validate') testing.show(event.done, event.images);
            else if (event.kind === 'skipped') skipped.push(event);
            else if (event.kind === 'note') notes.push(event.text);
          },
        },
      )
      .finally(() => {
        reading.clear();
        testing.clear();
      });
    for (const line of skippedLines(skipped)) context.terminal.out(line);
    printTest(context, outcome);
    const { number, at } = outcome.look;
    context.terminal.out('');
    const sentence = `Look number ${number} at these test pictures (${at.slice(0, 10)}).${number > 1 ? ' The more looks a choice is made by, the less a test says: choose by val, test once.' : ''}`;
    for (const line of wrap(sentence, context.terminal.columns - 2)) context.terminal.out(line);
    for (const note of notes) context.terminal.out(harmless(note));
    return { json: { ...outcome, ...(skipped.length > 0 ? { skipped } : {}) } };
  },
};

/** Accuracy first; then the classes; then what is taken for what. */
export function printTest({ terminal }: Pick<CommandContext, 'terminal'>, outcome: TestOutcome): void {
  const { accuracy, interval, images, classes, confusion, macroF1 } = outcome;
  const paint = painter(terminal);
  const [low, high] = interval.map((share) => percent(share));
  terminal.out(
    `Test accuracy ${paint('strong', percent(accuracy, 2))} on ${plural(images, 'picture')} (95 % interval ${low} to ${high}).`,
  );
  terminal.out(`Test loss ${loss(outcome.loss)}, mean F1 over the classes ${percent(macroF1)}.`);
  terminal.out('');
  const rows = classes.map((one) => [
    harmless(one.class),
    count(one.support),
    percent(one.precision),
    percent(one.recall),
    percent(one.f1),
  ]);
  const right = 'right' as const;
  const columns = [
    { title: 'class', limit: 40 },
    { title: 'pictures', align: right },
    { title: 'precision', align: right },
    { title: 'recall', align: right },
    { title: 'F1', align: right },
  ];
  for (const line of table(columns, rows)) terminal.out(line);
  const confusions = largestConfusions(confusion, 5);
  if (confusions.length === 0) return;
  terminal.out('');
  terminal.out('Most often confused:');
  for (const { label, predicted, count: times } of confusions) {
    const [truth, guess] = [harmless(classes[label].class), harmless(classes[predicted].class)];
    terminal.out(`  ${truth} taken for ${guess}: ${times} of ${count(classes[label].support)}`);
  }
}
