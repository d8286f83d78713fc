import { wilsonInterval } from '../../core/evaluate/interval.ts';
import type { CalibrateOutcome } from '../../core/workbench/calibrate.ts';
import { type CommandContext, type CommandDefinition, number, UsageError } from '../command.ts';
import { count, percent, plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless } from '../terminal/terminal.ts';
import { countProgress, projectOf, projectOption, seedOption, threadsOption, turboOption } from './shared.ts';

export const calibrate: CommandDefinition = {
  name: 'calibrate',
  group: 'testing',
  doc: 'Fits how sure a model may be, on validation pictures, and when it says "unknown"; kept in the model\'s file.',
  arguments: [{ name: '<run>', doc: "a run's folder, or a model's .safetensors file" }],
  options: [
    {
      flags: '--coverage <share>',
      doc: 'answer this share of the pictures, such as 0.95, and call the rest unknown; 1: answer all',
      parse: number({ above: 0, below: 1.0000001 }, '0.95'),
    },
    {
      flags: '--max-error <share>',
      doc: 'answer as many as can be with at most this share of the answers wrong, such as 0.01',
      parse: number({ minimum: 0, below: 1 }, '0.01'),
    },
    { flags: '--data <data>', doc: 'fit on the val part of these data; needed for a model file' },
    threadsOption,
    turboOption,
    projectOption,
    seedOption,
  ],
  examples: [
    ['fovea calibrate runs/photos-vgg6-bn-1', 'a run from before models were calibrated; new ones are'],
    ['fovea calibrate runs/photos-vgg6-bn-1 --max-error 0.01', '"unknown" rather than more than 1 % wrong answers'],
    ['fovea calibrate runs/photos-vgg6-bn-1 --coverage 1', 'always an answer again'],
  ],

  async run(context, [run], { coverage, maxError, data, threads, project }) {
    if (coverage !== undefined && maxError !== undefined) {
      throw new UsageError('Expected one of --coverage and --max-error but received both');
    }
    const reading = countProgress(context, 'Reading pictures');
    const running = countProgress(context, 'Running the model');
    const notes: string[] = [];
    const outcome = await context.workbench
      .calibrate(
        {
          run: run as string,
          coverage: coverage as number | undefined,
          maxError: maxError as number | undefined,
          data: data as string | undefined,
          threads: threads as number | undefined,
          project: await projectOf(context, project),
        },
        {
          signal: context.signal,
          onEvent(event) {
            if (event.kind === 'reading') reading.show(event.done, event.total);
            else if (event.kind === 'validate') running.show(event.done, event.images);
            else if (event.kind === 'note') notes.push(event.text);
          },
        },
      )
      .finally(() => {
        reading.clear();
        running.clear();
      });
    printCalibration(context, outcome);
    return { json: outcome };
  },
};

function printCalibration({ terminal }: CommandContext, { calibration, run }: CalibrateOutcome): void {
  const { temperature, images, ece, loss, note, rejection } = calibration;
  const say = (text: string): void => {
    for (const line of wrap(text, terminal.columns - 2)) terminal.out(line);
  };
  if (note !== undefined) say(note);
  else {
    const change = temperature > 1 ? 'less sure' : 'surer';
    say(
      `Temperature ${temperature.toFixed(3)} on ${plural(images, 'validation picture')}: answers become ${change}. Calibration error ${percent(ece.before, 2)} before, ${percent(ece.after, 2)} after; loss ${loss.before.toFixed(4)} and ${loss.after.toFixed(4)}. No prediction changes.`,
    );
  }
  if (!rejection) say('Every picture gets an answer. With --coverage or --max-error, unsure ones are called unknown.');
  else {
    const answered = Math.round(rejection.coverage * images);
    const wrong = Math.round(rejection.error * answered);
    say(
      `Answers less probable than ${percent(rejection.threshold)} are called unknown: of these ${plural(images, 'picture')} ${count(answered)} ${answered === 1 ? 'is' : 'are'} answered, ${count(wrong)} of them wrongly. fovea test tells what it gives on test pictures.`,
    );
    const [, most] = wilsonInterval(wrong, answered);
    // The threshold was chosen on these very pictures, and by few of them chance decides.
    if (most > rejection.error + 0.05) {
      say(
        `${plural(answered, 'answer')} cannot show more than that at most ${percent(most)} of such answers are wrong (95 % interval): more validation pictures would make the threshold worth trusting.`,
      );
    }
  }
  terminal.out(`Kept in ${harmless(run)}.`);
}
