import { writeFile } from 'node:fs/promises';
import { FoveaError } from '../../core/errors.ts';
import type { ShowModelRequest, ShownModel } from '../../core/workbench/show-model.ts';
import { type ModelForm, modelForms } from '../../core/workbench/write-model.ts';
import { fileError } from '../../node/storage.ts';
import { type CommandDefinition, type CommandOption, parseInput, wholeNumber } from '../command.ts';
import { modelPage } from '../report/model-page.ts';
import { printKernels } from '../terminal/kernels.ts';
import { layerTable } from '../terminal/layer-table.ts';
import { bytes, plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter, type Terminal } from '../terminal/terminal.ts';
import { modelTotals, timeLines } from '../terminal/totals.ts';
import { algorithmOption, modelDoc, nameFrom, parseModel, seedOption, threadsOption } from './shared.ts';

/** What decides a model's shapes and costs; `model compare` takes them too. */
export const modelDataOptions: readonly CommandOption[] = [
  {
    flags: '--input <size>',
    doc: 'height x width x channels, where the model does not say (default 28x28x1, photograph presets larger)',
    parse: parseInput,
  },
  {
    flags: '--classes <n>',
    doc: 'number of classes, where the model does not say (default 10)',
    parse: wholeNumber(2, 100000),
  },
  {
    flags: '--batch <n>',
    doc: 'pictures of a training step (default: as training would choose)',
    parse: wholeNumber(1),
  },
  { flags: '--time', doc: 'run a few steps, some seconds, and tell how long training takes here' },
  algorithmOption,
  threadsOption,
];

export const modelShow: CommandDefinition = {
  name: 'model show',
  group: 'model',
  doc: 'Shows a model layer by layer: shapes, parameters, arithmetic, memory, receptive field, kernels.',
  arguments: [{ name: '<model>', doc: modelDoc }],
  options: [
    ...modelDataOptions,
    { flags: '--plan', doc: 'also show which kernels will compute each layer, why, and how exactly' },
    {
      flags: '--as <form>',
      doc: `print the model alone, as one of ${modelForms.join(', ')}`,
      parse: nameFrom(modelForms),
    },
    { flags: '--svg <file>', doc: 'draw its graph as an SVG' },
    { flags: '--html <file>', doc: 'write one page with the graph and all figures' },
    seedOption,
  ],
  examples: [
    ['fovea model show mnist-cnn', 'the network of the first lesson'],
    ["fovea model show 'conv 32, relu, pool 2, flatten, linear'", 'one of your own, in one line'],
    ['fovea model show resnet20 --input 32x32x3 --time', 'and how long training takes on this machine'],
    ['fovea model show resnet20 --as json', 'a file to change and train with --model mine.json'],
  ],

  async run({ workbench, terminal, signal }, [text], given) {
    const { input, classes, batch, time, algorithm, threads, plan, svg, html, as } = given;
    const name = parseModel(text as string, '<model>');
    const request = { model: name, input, classes, batch, time, threads, algorithm } as ShowModelRequest;
    if (as !== undefined) {
      const { model, text: written } = await workbench.writeModel(request, as as ModelForm);
      if (written === undefined) {
        throw new FoveaError('This model cannot be said in one line', 'Take --as json or --as typescript');
      }
      terminal.out(written.trimEnd());
      return { json: { model, [as as string]: written } };
    }
    const shown = await workbench.showModel(request, { signal });
    print(terminal, shown);
    if (plan) printKernels(terminal, shown.kernels);
    else if (!shown.time) terminal.out(painter(terminal)('faint', 'More: --time, --plan, --html FILE'));
    if (svg !== undefined) await save(terminal, svg as string, await workbench.drawModel(shown));
    if (html !== undefined) await save(terminal, html as string, modelPage(shown, await workbench.drawModel(shown)));
    const { summary, kernels, ...rest } = shown;
    return { json: { ...rest, ...summary, plan: kernels } };
  },
};

function print(terminal: Terminal, shown: ShownModel): void {
  const paint = painter(terminal);
  const { name, model, summary, kernels } = shown;
  const what = `${model.input.join('x')}, ${plural(model.classes, 'class', 'classes')}`;
  terminal.out(`${paint('strong', harmless(name))} for ${what}`);
  terminal.out('');
  const { lines, notes } = layerTable(summary, kernels, terminal.columns);
  for (const line of lines) terminal.out(line);
  terminal.out('');
  const say = (text: string): void => {
    for (const line of wrap(text, terminal.columns - 2)) terminal.out(line);
  };
  for (const note of notes) say(note);
  const { parameters, macs, kept, memory } = modelTotals(shown);
  say(`${parameters}, ${macs}.`);
  say(`Training keeps ${kept} a picture. ${memory}`);
  for (const line of timeLines(shown)) say(line);
}

async function save(terminal: Terminal, file: string, content: string): Promise<void> {
  await writeFile(file, content).catch((error) => {
    throw fileError('write', file, error);
  });
  terminal.out(`Written: ${harmless(file)} (${bytes(new TextEncoder().encode(content).length)})`);
}
