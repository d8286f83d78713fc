import { type ExportTarget, exportEndings, exportTargets } from '../../core/workbench/export-targets.ts';
import type { Proof } from '../../core/workbench/prove.ts';
import type { TorchrunRequest } from '../../core/workbench/torch/export-torchrun.ts';
import type { WorkbenchEvent } from '../../core/workbench/verb.ts';
import { type CommandContext, type CommandDefinition, type Outcome, UsageError } from '../command.ts';
import { bytes, plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { nameFrom, seedOption, shellWord, threadsOption } from './shared.ts';

const targets = Object.keys(exportTargets);

/** A folder, not a model's file: it has no ending, and nothing is proved of it. */
const torchrun = 'torchrun';

export const exportCommand: CommandDefinition = {
  name: 'export',
  group: 'sharing',
  doc: 'Writes a trained model for other programs, and proves that it gives the same there.',
  arguments: [{ name: '<run>', doc: "a run's folder, or a model's .safetensors or .onnx file" }],
  options: [
    {
      flags: '--to <target>',
      doc: `${targets.join(', ')}, or torchrun (a folder that trains the run on a cluster); by default as the name of --out ends`,
      parse: nameFrom([...targets, torchrun]),
    },
    { flags: '--out <file>', doc: `the file to write: ${exportEndings.join(', ')}; a folder for node and torchrun` },
    { flags: '--package <file>', doc: 'node: Fovea itself, from npm pack, to go along (default: from the registry)' },
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
    ['fovea export runs/photos-vgg6-bn-1 --out photos.html', 'one page that classifies without a network'],
    ['fovea export best.safetensors --to node --out photos-node', 'a program in Node: npm ci && node .'],
    ['fovea export runs/photos-vgg6-bn-1 --to torchrun --out cluster', 'a folder for torchrun, Slurm or Kubernetes'],
  ],

  async run(context, [run], { to, out, withPreprocessing, softmax, data, threads, package: packed }) {
    if (out === undefined)
      throw new UsageError('Expected a file for --out but received none', 'Such as --out model.onnx');
    if (to === torchrun) {
      if (withPreprocessing || softmax || data !== undefined) {
        throw new UsageError(
          'A folder for torchrun has no --with-preprocessing, --softmax or --data',
          'Leave them out',
        );
      }
      return writeTorchrun(context, { run: run as string, out: out as string, threads: threads as number | undefined });
    }
    const named = (out as string).toLowerCase();
    const ending = targets.find((name) => {
      const end = exportTargets[name as ExportTarget];
      return end !== '' && named.endsWith(end);
    });
    const target = (to ?? ending) as ExportTarget | undefined;
    if (target === undefined) {
      throw new UsageError(
        `Expected a file that ends in ${exportEndings.join(', ')} for --out but received '${out}'`,
        'For a folder with a program in Node, add --to node',
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
        package: packed as string | undefined,
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

async function writeTorchrun(context: CommandContext, request: TorchrunRequest): Promise<Outcome> {
  const { terminal, workbench, signal } = context;
  const onEvent = (event: WorkbenchEvent): void => void (event.kind === 'note' && terminal.out(harmless(event.text)));
  const outcome = await workbench.exportTorchrun(request, { signal, onEvent });
  const { out, from, store } = outcome;
  const begins = from.epoch === 1 && from.step === 0 ? 'anew' : `at epoch ${from.epoch}, step ${from.step + 1}`;
  const pictures = store === undefined ? 'The pictures are in it.' : `The pictures stay in ${store}.`;
  for (const line of wrap(`Written: the folder ${out}. Training starts ${begins}. ${pictures}`, terminal.columns - 2)) {
    terminal.out(harmless(line));
  }
  const script = `${out.replace(/[\\/]+$/, '')}/distributed/train.py`;
  terminal.out(`  ${harmless(`torchrun --standalone --nproc-per-node 2 ${shellWord(script)}`)}`);
  return { json: outcome };
}

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
