import type { Algorithm } from '../../core/plan/lowering.ts';
import type { LayerPass, ModelKernels } from '../../core/train/describe-kernels.ts';
import { type CommandContext, type CommandDefinition, parseInput, wholeNumber } from '../command.ts';
import { amount, bytes, count } from '../terminal/numbers.ts';
import { table, wrap } from '../terminal/table.ts';
import { painter } from '../terminal/terminal.ts';
import { algorithmOption, modelNames, nameFrom, seedOption } from './shared.ts';

export const modelList: CommandDefinition = {
  name: 'model list',
  doc: 'Lists the models that can be trained by name.',
  arguments: [],
  options: [seedOption],
  examples: [['fovea model list', 'from the simplest to the most capable']],

  async run({ workbench, terminal }) {
    const models = workbench.listModels();
    const paint = painter(terminal);
    const width = Math.max(...models.map(({ name }) => name.length));
    for (const { name, doc } of models) {
      const [first, ...rest] = wrap(doc, terminal.columns - width - 4);
      terminal.out(`${paint('strong', name.padEnd(width))}  ${first}`);
      for (const line of rest) terminal.out(`${' '.repeat(width)}  ${line}`);
    }
    return { json: { models } };
  },
};

export const modelShow: CommandDefinition = {
  name: 'model show',
  doc: 'Shows a model layer by layer: shapes, parameters, arithmetic, receptive field.',
  arguments: [{ name: '<model>', doc: `one of ${modelNames.join(', ')}` }],
  options: [
    { flags: '--input <size>', doc: 'height x width x channels (default 28x28x1)', parse: parseInput },
    { flags: '--classes <n>', doc: 'number of classes (default 10)', parse: wholeNumber(2, 100000) },
    { flags: '--plan', doc: 'also show which kernels will compute each layer, why, and how exactly' },
    algorithmOption,
    seedOption,
  ],
  examples: [
    ['fovea model show mnist-cnn --input 28x28x1 --classes 10', 'the network of the first lesson'],
    ['fovea model show resnet20 --input 32x32x3 --plan', 'and the kernels that compute it'],
  ],

  async run({ workbench, terminal }, [name], { input = [28, 28, 1], classes = 10, plan, algorithm }) {
    const preset = nameFrom(modelNames)(name as string, '<model>');
    const { model, summary } = workbench.showModel(preset, { input: input as number[], classes: classes as number });
    const paint = painter(terminal);
    terminal.out(`${paint('strong', preset)} for ${model.input.join('x')}, ${model.classes} classes`);
    terminal.out('');
    const right = 'right' as const;
    const columns = [
      { title: 'layer' },
      { title: 'type' },
      { title: 'output', align: right },
      { title: 'parameters', align: right },
      { title: 'multiply-adds', align: right },
      { title: 'sees', align: right },
    ];
    const rows = summary.layers.map((layer) => [
      layer.id,
      layer.type,
      layer.outputShape.join('x'),
      layer.parameters === 0 ? '' : count(layer.parameters),
      layer.macs === 0 ? '' : amount(layer.macs),
      layer.receptiveField.whole ? 'all' : layer.receptiveField.size.join('x'),
    ]);
    for (const line of table(columns, rows)) terminal.out(line);
    terminal.out('');
    terminal.out(
      `${count(summary.parameters)} parameters (${bytes(4 * (summary.parameters + summary.buffers))}), ${amount(summary.macs)} multiply-adds a picture.`,
    );
    if (!plan) return { json: { name: preset, model, ...summary } };
    const kernels = workbench.showKernels(preset, model, algorithm as Algorithm | undefined);
    printKernels(terminal, kernels);
    return { json: { name: preset, model, ...summary, plan: kernels } };
  },
};

/** Layer by layer: the kernels of each pass, and the rule that chose them. */
function printKernels(
  terminal: CommandContext['terminal'],
  { algorithm, layers, around, memory, batch }: ModelKernels,
): void {
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
