import type { FitMode } from '../../core/image/fit.ts';
import { fitModes } from '../../core/image/fit.ts';
import { type CommandDefinition, parseSize, UsageError } from '../command.ts';
import { count, plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless } from '../terminal/terminal.ts';
import { printProof } from './export.ts';
import { nameFrom, seedOption, threadsOption } from './shared.ts';

/** `0.485,0.456,0.406` */
function parseNumbers(text: string, flag: string): readonly number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.every(Number.isFinite) && values.length <= 3) return values;
  throw new UsageError(`Expected numbers such as 0.5 or 0.485,0.456,0.406 for ${flag} but received '${text}'`);
}

const parseNames = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

export const modelImport: CommandDefinition = {
  name: 'model import',
  group: 'model',
  doc: 'Turns a classifier from an ONNX file into a model that can be tested, trained further and exported.',
  arguments: [{ name: '<file>', doc: 'a .onnx file' }],
  options: [
    { flags: '--out <file>', doc: 'the .safetensors file to write' },
    { flags: '--classes <names>', doc: 'names of the classes in order, with commas between', parse: parseNames },
    { flags: '--size <size>', doc: 'height x width, where the file leaves them free', parse: parseSize },
    {
      flags: '--mean <numbers>',
      doc: 'mean of each channel, of pixels in 0 to 1 (default: as the file says, else 0)',
      parse: parseNumbers,
    },
    {
      flags: '--std <numbers>',
      doc: 'deviation of each channel (default: as the file says, else 1)',
      parse: parseNumbers,
    },
    {
      flags: '--fit <mode>',
      doc: `how a picture becomes that size: ${fitModes.join(', ')}`,
      parse: nameFrom(fitModes),
    },
    { flags: '--data <data>', doc: 'prove it on these pictures (default: built-in ones)' },
    threadsOption,
    seedOption,
  ],
  examples: [
    [
      'fovea model import flowers.onnx --out flowers.safetensors --classes daisy,rose,tulip',
      'and then test or classify',
    ],
    [
      'fovea model import resnet.onnx --out resnet.safetensors --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225',
      'a model that was trained on ImageNet',
    ],
  ],

  async run(context, [file], { out, classes, size, mean, std, fit, data, threads }) {
    if (out === undefined) {
      throw new UsageError('Expected a file for --out but received none', 'Such as --out model.safetensors');
    }
    const outcome = await context.workbench.importModel(
      {
        file: file as string,
        out: out as string,
        classNames: classes as readonly string[] | undefined,
        size: size as { height: number; width: number } | undefined,
        mean: mean as readonly number[] | undefined,
        std: std as readonly number[] | undefined,
        fit: fit as FitMode | undefined,
        data: data as string | undefined,
        threads: threads as number | undefined,
      },
      { signal: context.signal },
    );
    const { terminal } = context;
    const { layers, parameters, input, classNames, notes, proof } = outcome;
    terminal.out(
      `Written: ${harmless(outcome.out)}: ${plural(layers, 'layer')}, ${count(parameters)} numbers, pictures of ${input.join('x')}, ${plural(classNames.length, 'class', 'classes')}.`,
    );
    for (const note of notes) for (const line of wrap(note, terminal.columns - 2)) terminal.out(line);
    printProof(context, proof);
    return { json: outcome };
  },
};
