import type { LayerPair } from '../../core/workbench/compare-models.ts';
import type { ShownModel } from '../../core/workbench/show-model.ts';
import type { CommandDefinition } from '../command.ts';
import { amount, bytes, count, percent } from '../terminal/numbers.ts';
import { type Column, table } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { timeLines } from '../terminal/totals.ts';
import { modelDataOptions } from './model-show.ts';
import { modelDoc, parseModel, seedOption } from './shared.ts';

export const modelCompare: CommandDefinition = {
  name: 'model compare',
  group: 'model',
  doc: 'Shows two models side by side: what each costs, and where their layers differ.',
  arguments: [
    { name: '<left>', doc: modelDoc },
    { name: '<right>', doc: 'another, in any of these ways' },
  ],
  options: [...modelDataOptions, seedOption],
  examples: [
    ['fovea model compare vgg6-bn resnet20 --input 32x32x3', 'for the same pictures'],
    ['fovea model compare resnet20 mine.json --input 32x32x3 --time', 'and how long each trains here'],
  ],

  async run({ workbench, terminal, signal }, [left, right], given) {
    const models = [parseModel(left as string, '<left>'), parseModel(right as string, '<right>')] as const;
    const { input, classes, batch, time, algorithm, threads } = given as Record<string, never>;
    const request = { models, input, classes, batch, time, algorithm, threads };
    const compared = await workbench.compareModels(request, { signal });
    const paint = painter(terminal);
    const names = [compared.left, compared.right].map(({ name }) => harmless(name));
    const titles = names[0] === names[1] ? [`${names[0]} (left)`, `${names[1]} (right)`] : names;
    terminal.out(paint('strong', titles.join(' and ')));
    terminal.out('');
    const columns: Column[] = [
      { title: '' },
      ...titles.map((title) => ({ title, align: 'right' as const })),
      { title: 'right of left', align: 'right' },
    ];
    for (const line of table(columns, totalRows(compared.left, compared.right))) terminal.out(line);
    for (const shown of [compared.left, compared.right])
      for (const line of timeLines(shown).slice(1)) terminal.out(paint('faint', `${harmless(shown.name)}: ${line}`));
    terminal.out('');
    const same = compared.layers.filter((pair) => pair.same).length;
    terminal.out(`Layers side by side; ${count(same)} are alike in type, shape and parameters.`);
    const layerColumns: Column[] = [{ title: titles[0] }, { title: '' }, { title: titles[1] }];
    for (const line of table(layerColumns, compared.layers.map(layerRow))) terminal.out(line);
    const told = ({ name, kind, model, summary, kernels, memory, time: spent }: ShownModel) => {
      const { layers: _, ...totals } = summary;
      return { name, kind, model, ...totals, kept: kernels.kept, batch: kernels.batch, memory, time: spent };
    };
    return { json: { left: told(compared.left), right: told(compared.right), layers: compared.layers } };
  },
};

function totalRows(left: ShownModel, right: ShownModel): string[][] {
  const row = (
    title: string,
    of: (shown: ShownModel) => number | undefined,
    show: (value: number) => string,
  ): string[][] => {
    const [a, b] = [of(left), of(right)];
    if (a === undefined || b === undefined) return [];
    return [[title, show(a), show(b), a > 0 ? percent(b / a, 0) : '']];
  };
  return [
    ...row('layers', ({ summary }) => summary.layers.length, count),
    ...row('parameters', ({ summary }) => summary.parameters, count),
    ...row('multiply-adds a picture', ({ summary }) => summary.macs, amount),
    ...row('kept for a picture in training', ({ kernels: { kept } }) => kept.layers + kept.picture, bytes),
    ...row('pictures of a step', ({ kernels }) => kernels.batch, count),
    ...row('engine memory of training', ({ memory }) => memory?.memory, bytes),
    ...row(
      'milliseconds a step',
      ({ time }) => time?.stepMilliseconds,
      (value) => value.toPrecision(3),
    ),
    ...row('pictures a second', ({ time }) => time?.picturesPerSecond, count),
  ];
}

function layerRow({ left, right, same }: LayerPair): string[] {
  const text = (layer: LayerPair['left']): string =>
    layer === undefined
      ? ''
      : `${layer.id} ${layer.type} ${layer.outputShape.join('x')}${layer.parameters > 0 ? ` (${amount(layer.parameters)})` : ''}`;
  const sign = same ? '=' : left && right ? '≠' : left ? '<' : '>';
  return [text(left), sign, text(right)];
}
