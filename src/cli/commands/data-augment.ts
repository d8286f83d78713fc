import { mismatch } from '../../core/errors.ts';
import type { Augmentation } from '../../core/image/augmentation-spec.ts';
import { encodePng } from '../../node/encode.ts';
import { fileStorage } from '../../node/storage.ts';
import { type CommandDefinition, parseSize, UsageError, wholeNumber } from '../command.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { augmentOption } from './augment-option.ts';
import { countProgress, limitOptions, seedOption } from './shared.ts';

/** Pixels that a picture's longer side takes on the sheet at least. */
const visibleSide = 64;

export const dataAugment: CommandDefinition = {
  name: 'data augment',
  group: 'data',
  doc: 'Draws training pictures as training sees them: each as it is, then as it is in eight epochs.',
  arguments: [{ name: '<data>', doc: 'a folder, an archive, a file, or a built-in set (digits, shapes)' }],
  options: [
    { flags: '--sheet <file>', doc: 'the PNG file to write; there must be none yet' },
    augmentOption,
    { flags: '--count <n>', doc: 'pictures shown, one a row (default 8)', parse: wholeNumber(1, 100) },
    { flags: '--size <size>', doc: 'input size, such as 64 or 48x64 (height x width)', parse: parseSize },
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea data augment photos --sheet sheet.png', 'what training does to these pictures by default'],
    ['fovea data augment photos --sheet sheet.png --augment flip,rotate:20', 'and what something else would do'],
  ],

  async run(context, [data], given) {
    const { sheet: file, augment, count, size, seed } = given as { [option: string]: never };
    const { workbench, terminal, signal } = context;
    if (file === undefined) {
      throw new UsageError('Expected a file for --sheet but received none', 'Name one, such as --sheet sheet.png');
    }
    const reading = countProgress(context, 'Reading pictures');
    const request = { data: data as string, augmentation: augment as Augmentation | undefined, count, size, seed };
    const { picture, ...sheet } = await workbench
      .augmentSheet(request, {
        signal,
        onEvent: (event) => event.kind === 'reading' && reading.show(event.done, event.total),
      })
      .finally(reading.clear);
    const scale = Math.ceil(visibleSide / Math.max(...sheet.size));
    if (!(await fileStorage.create(file, await encodePng(picture, scale)))) {
      throw mismatch('a new file', '--sheet', `'${file}', which is there already`, 'Name another');
    }
    const paint = painter(terminal);
    const say = (text: string): void => {
      for (const line of wrap(harmless(text), terminal.columns - 2, '  ')) terminal.out(line);
    };
    say(sheet.why ?? `Augmentation: ${sheet.text}.`);
    for (const warning of sheet.warnings) say(`Warning: ${warning}`);
    const what = `${sheet.pictures.length} pictures: the original, then epochs 1 to ${sheet.epochs}`;
    terminal.out(`The sheet is in ${paint('strong', harmless(file))} (${what}).`);
    return { json: { sheet: file, ...sheet, why: sheet.why ?? null } };
  },
};
