import type { LayerPass, ModelKernels } from '../../core/train/describe-kernels.ts';
import { bytes } from './numbers.ts';
import { wrap } from './table.ts';
import { painter, type Terminal } from './terminal.ts';

/** Layer by layer: the kernels of each pass, and the rule that chose them. */
export function printKernels(terminal: Terminal, { algorithm, layers, around, memory, batch }: ModelKernels): void {
  const paint = painter(terminal);
  const width = Math.max(60, terminal.columns) - 2;
  const line = (label: string, text: string): void => {
    wrap(text, width - 12).forEach((one, i) => {
      terminal.out(`${i === 0 ? `  ${label.padEnd(9)} ` : ' '.repeat(12)}${one}`);
    });
  };
  const show = (label: string, { kernels, with: others }: LayerPass): void => {
    if (kernels.length === 0) return;
    line(label, `${kernels.join(', ')}${others.length > 0 ? ` (with ${others.join(', ')})` : ''}`);
  };
  terminal.out('');
  terminal.out(
    `Kernels (algorithm ${algorithm}), chosen by shape alone: the same for any number of threads, on every machine.`,
  );
  for (const { id, type, evaluation, forward, backward } of layers) {
    const passes = [evaluation, forward, backward];
    if (passes.every(({ kernels }) => kernels.length === 0)) continue;
    terminal.out(`${paint('strong', id)} ${type}`);
    if (evaluation.kernels.join() === forward.kernels.join() && evaluation.with.join() === forward.with.join()) {
      show('forward', forward);
    } else {
      show('classify', evaluation);
      show('train', forward);
    }
    show('backward', backward);
    const told = new Map(passes.flatMap(({ choices }) => choices).map((choice) => [choice.why, choice.error]));
    for (const [why, error] of told) line('why', `${why} Error about ${error.toExponential()} of the RMS.`);
  }
  terminal.out(paint('strong', 'around the layers'));
  line('training', around.join(', '));
  const share = (memory.peak / memory.lowerBound).toFixed(2);
  const parts = `weights ${bytes(memory.weights)}, optimizer ${bytes(memory.optimizer)}, activations, gradients and scratch ${bytes(memory.workspace)}`;
  const bound = `${share} times what must be there at once (${bytes(memory.lowerBound)}, most at '${memory.fullest}')`;
  line('memory', `A step of ${batch} pictures takes ${bytes(memory.peak)} (${parts}): ${bound}.`);
}
