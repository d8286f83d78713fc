import { type ExportTarget, exportTargets } from '../../core/workbench/export-targets.ts';
import type { Proof } from '../../core/workbench/prove.ts';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.ts';
import { bytes, plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { nameFrom, seedOption, threadsOption } from './shared.ts';

const targets = Object.keys(exportTargets);

export const exportCommand: CommandDefinition = {
  name: 'export',
  group: 'sharing',
  doc: 'Writes a trained model for other programs, and proves that it gives the same there.',
  arguments: [{ name: '<run>', doc: "a run's folder, or a model's .safetensors or .onnx file" }],
  options: [
    {
      flags: '--to <target>',
      doc: `${targets.join(', ')}; by default as the name of --out ends`,
      parse: nameFrom(targets),
    },
    { flags: '--out <file>', doc: `the file to write: ${Object.values(exportTargets).join(', ')}` },
    { flags: '--with-preprocessing', doc: 'ONNX: take uint8 pixels [n, height, width, channels] and normalise them' },
    { flags: '--softmax', doc: 'ONNX: give probabilities, not logits' },
    { flags: '--data <data>', doc: 'prove it on these pictures (default: built-in ones)' },
    threadsOption,
    seedOption,
  ],
  examples: [
    ['fovea export runs/photos-vgg6-bn-1 --out photos.onnx', 'for onnxruntime, in any language'],
    ['fovea export runs/photos-vgg6-bn-1 --out photos.onnx --with-preprocessing --softmax', 'pixels to probabilities'],
    ['fovea export best.safetensors --out photos.py', 'PyTorch source, and its weights beside it'],
  ],

  async run(context, [run], { to, out, withPreprocessing, softmax, data, threads }) {
    if (out === undefined)
      throw new UsageError('Expected a file for --out but received none', 'Such as --out model.onnx');
    const ending = targets.find((name) => (out as string).toLowerCase().endsWith(exportTargets[name as ExportTarget]));
    const target = (to ?? ending) as ExportTarget | undefined;
    if (target === undefined) {
      throw new UsageError(
        `Expected a file that ends in ${Object.values(exportTargets).join(', ')} for --out but received '${out}'`,
      );
    }
    const outcome = await context.workbench.exportModel(
      {
        run: run as string,
        to: target,
        out: out as string,
        withPreprocessing: withPreprocessing === true,
        softmax: softmax === true,
        data: data as string | undefined,
        threads: threads as number | undefined,
      },
      {
        signal: context.signal,
        onEvent: (event) => void (event.kind === 'note' && context.terminal.out(harmless(event.text))),
      },
    );
    const { terminal } = context;
    terminal.out(`Written: ${outcome.files.map(harmless).join(', ')} (${bytes(outcome.bytes)}).`);
    printProof(context, outcome.proof);
    return { json: outcome };
  },
};

/** Whether another program gives the same, and how exactly. */
export function printProof({ terminal }: Pick<CommandContext, 'terminal'>, proof: Proof): void {
  const paint = painter(terminal);
  const say = (text: string): void => {
    for (const line of wrap(text, terminal.columns - 2)) terminal.out(line);
  };
  if (!proof.proved) {
    terminal.out(paint('bad', 'Not proved:'));
    say(`${harmless(proof.why)}.`);
    return;
  }
  const { runtime, pictures, source, relativeDifference, sameTopClass } = proof;
  say(
    `Proved in ${harmless(runtime)} on ${plural(pictures, 'picture')} (${harmless(source)}): ${relativeDifference === 0 ? 'no difference' : `largest difference ${relativeDifference.toExponential(1)} of the range`}, the same first class for ${sameTopClass} of ${pictures}.`,
  );
}
