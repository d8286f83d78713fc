import type { LrFindOutcome, LrFindRequest } from '../../core/workbench/lr-find.ts';
import { type CommandContext, type CommandDefinition, number, parseSize, UsageError, wholeNumber } from '../command.ts';
import { rate } from '../terminal/numbers.ts';
import { rateChart } from '../terminal/rate-chart.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { augmentOption } from './augment-option.ts';
import { optimizerOption, recipeOption } from './recipe-options.ts';
import { countProgress, limitOptions, modelDoc, parseModel, seedOption, shellWord, threadsOption } from './shared.ts';

export const lrFind: CommandDefinition = {
  name: 'lr-find',
  group: 'training',
  doc: 'Looks for a learning rate: raises it step by step and watches where the loss falls and where it breaks away.',
  arguments: [{ name: '<data>', doc: 'as for fovea train' }],
  options: [
    { flags: '--model <model>', doc: modelDoc, parse: parseModel },
    { flags: '--batch <n>', doc: 'pictures a step', parse: wholeNumber(1) },
    recipeOption,
    optimizerOption,
    { flags: '--weight-decay <strength>', doc: 'how strongly weights shrink', parse: number({ minimum: 0 }, '0.0005') },
    augmentOption,
    { flags: '--size <size>', doc: 'input size, such as 64 or 48x64 (height x width)', parse: parseSize },
    { flags: '--steps <n>', doc: 'steps of the ramp (default 100)', parse: wholeNumber(20, 10_000) },
    { flags: '--from <rate>', doc: 'its first learning rate (default 0.000001)', parse: number({ above: 0 }, '1e-6') },
    { flags: '--to <rate>', doc: 'its last (default 10)', parse: number({ above: 0 }, '10') },
    threadsOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea lr-find digits', 'for the model and optimizer that fovea train would choose'],
    ['fovea lr-find photos --model resnet20 --optimizer sgd', 'for these'],
  ],

  async run(context, [data], given) {
    const { augment, ...same } = given as Record<string, never>;
    const { from = 1e-6, to = 10 } = given as { from?: number; to?: number };
    if (from >= to) throw new UsageError(`Expected --from below --to but received ${from} and ${to}`);
    const request: LrFindRequest = { ...same, data: data as string, augmentation: augment };
    const progress = countProgress(context, 'Looking');
    const found = await context.workbench
      .findLearningRate(request, {
        signal: context.signal,
        onEvent: (event) => event.kind === 'reading' && progress.show(event.done, event.total),
      })
      .finally(progress.clear);
    print(context, found, data as string, request.model as string | undefined);
    return { json: { ...found, suggestion: found.suggestion ?? null, lowest: found.lowest ?? null } };
  },
};

function print({ terminal }: CommandContext, found: LrFindOutcome, data: string, given?: string): void {
  const { points, smoothed, suggestion, lowest, diverged, model, optimizer, batch } = found;
  const paint = painter(terminal);
  const tell = (text: string): void => {
    for (const line of wrap(text, terminal.columns - 2)) terminal.out(line);
  };
  tell(
    `Loss of ${harmless(model)} with ${optimizer}, batches of ${batch}, over ${points.length} steps of a rising learning rate:`,
  );
  terminal.out('');
  for (const line of rateChart(points, smoothed, suggestion, terminal)) terminal.out(line);
  terminal.out('');
  if (suggestion === undefined || lowest === undefined) {
    tell(
      'The loss never fell, so there is nothing to suggest. Take more steps (--steps 300), another range (--from, --to), or look at the data: fovea data doctor.',
    );
    return;
  }
  const end = diverged ? `, and breaks away above ${rate(points[points.length - 1].learningRate)}` : '';
  tell(
    `Suggestion: ${paint('strong', rate(suggestion))}, where the smoothed loss falls most steeply (the rule of steepest descent; Smith 2017). It is lowest at ${rate(lowest)}${end}: near there training becomes unstable.`,
  );
  tell('It is a beginning, not an answer: what is best also depends on schedule and epochs. No weights were kept.');
  terminal.out(
    `  ${paint('strong', `npx fovea train ${harmless(shellWord(data))} --model ${harmless(shellWord(given ?? model))} --lr ${rate(suggestion)}`)}`,
  );
}
