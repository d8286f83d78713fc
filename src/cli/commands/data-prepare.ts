import { fitModes } from '../../core/image/fit.ts';
import type { PrepareOutcome } from '../../core/workbench/prepare-data.ts';
import { type CommandContext, type CommandDefinition, parseSize, UsageError } from '../command.ts';
import { bytes, count, duration, plural } from '../terminal/numbers.ts';
import { createEstimate, createProgressLine } from '../terminal/progress.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { limitOptions, nameFrom, seedOption, shellWord, skippedLines } from './shared.ts';

export const dataPrepare: CommandDefinition = {
  name: 'data prepare',
  group: 'data',
  doc: 'Decodes data once into a store, which trains from the disk; again, it decodes only what is new or changed.',
  arguments: [{ name: '<data>', doc: 'a folder, an archive, a file of data, or a built-in set' }],
  options: [
    { flags: '--out <folder>', doc: 'the folder of the store (default: NAME.store in the current folder)' },
    { flags: '--size <size>', doc: 'size of all pictures, such as 64 or 48x64 (height x width)', parse: parseSize },
    {
      flags: '--channels <n>',
      doc: '1 for grey, 3 for colour (default: grey only if all pictures are)',
      parse: (text, flag) => {
        if (text === '1' || text === '3') return Number(text);
        throw new UsageError(`Expected 1 or 3 for ${flag} but received '${text}'`);
      },
    },
    {
      flags: '--fit <how>',
      doc: `how a picture of another shape becomes that size: ${fitModes.join(', ')} (default stretch)`,
      parse: nameFrom(fitModes),
    },
    { flags: '--verify', doc: 'read what is there through, and decode anew what is damaged' },
    { flags: '--strict', doc: 'stop at the first picture that cannot be read' },
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea data prepare photos', 'writes photos.store; then: npx fovea train photos.store'],
    ['fovea data prepare photos --size 150 --out small', 'at a size of your own'],
  ],
  stopping: 'Stopping, what is decoded is kept',

  async run(context, [data], given) {
    const { workbench, terminal, signal } = context;
    const progress = showProgress(context);
    const outcome = await workbench
      .prepareData(
        { ...given, data: data as string },
        {
          signal,
          onEvent(event) {
            if (event.kind === 'reading') progress.show(event.done, event.total);
          },
        },
      )
      .finally(progress.clear);
    if ('stopped' in outcome) {
      const { done, total } = outcome.stopped;
      const again = ['npx fovea data prepare', ...process.argv.slice(4).map((word) => shellWord(word))].join(' ');
      terminal.err(`Interrupted; ${count(done)} of ${count(total)} pictures are kept. Go on with: ${again}\n`);
      return { json: { ...outcome, interrupted: true, resume: again }, exitCode: 1 };
    }
    printOutcome(context, outcome);
    return { json: outcome };
  },
};

/** Seconds between lines where nobody watches. */
const lineSeconds = 10;

function showProgress({ terminal }: CommandContext): { show(done: number, total: number): void; clear(): void } {
  const clock = (): number => performance.now();
  const line = createProgressLine(terminal, clock);
  const estimate = createEstimate(clock);
  let told = clock();
  return {
    clear: line.clear,
    show(done, total) {
      const share = total === 0 ? 1 : done / total;
      line.show('Preparing pictures', share, estimate(share), `${count(done)} of ${count(total)}`);
      if (terminal.live || clock() - told < lineSeconds * 1000) return;
      told = clock();
      terminal.err(`Preparing pictures: ${count(done)} of ${count(total)}\n`);
    },
  };
}

function printOutcome({ terminal }: CommandContext, outcome: PrepareOutcome): void {
  const { store, pictures, height, width, channels, fit, decoded, kept, gone, shards, seconds } = outcome;
  const text = (sentence: string): void => {
    for (const line of wrap(harmless(sentence), terminal.columns - 2)) terminal.out(line);
  };
  for (const note of outcome.notes) text(note);
  for (const line of skippedLines(outcome.skipped)) terminal.out(line);
  for (const sentence of outcome.damaged) text(`Damaged, decoded anew: ${sentence}`);
  const size = `${height}x${width}x${channels}`;
  text(
    `${store}: ${plural(pictures, 'picture')} of ${size} (${fit}), ${bytes(outcome.bytes)} in ${plural(shards, 'shard')}.`,
  );
  if (outcome.unchanged) text(`Everything was there already (${duration(seconds)}).`);
  else {
    const rest = [kept > 0 ? `, ${count(kept)} were there` : '', gone > 0 ? `, ${count(gone)} are gone` : ''].join('');
    text(`Decoded ${count(decoded)}${rest}, in ${duration(seconds)}.`);
  }
  const paint = painter(terminal);
  terminal.out(`Train from it:  ${paint('strong', harmless(`npx fovea train ${shellWord(store)}`))}`);
}
