import type { LayerSummary, ModelSummary, ReceptiveField } from '../../core/model/summary.ts';
import type { LayerKernels, ModelKernels } from '../../core/train/describe-kernels.ts';
import { amount, bytes, count } from './numbers.ts';
import { type Column, table } from './table.ts';
import { widthOf } from './terminal.ts';

interface TableColumn extends Column {
  /** The first to be left out where the window is narrow has the highest. */
  readonly rank: number;
  cell(layer: LayerSummary, kernels: LayerKernels | undefined): string;
}

const columns: readonly TableColumn[] = [
  { title: 'layer', rank: 0, cell: ({ id }) => id },
  { title: 'type', rank: 3, cell: ({ type }) => type },
  { title: 'output', rank: 0, align: 'right', cell: ({ outputShape }) => outputShape.join('x') },
  { title: 'parameters', rank: 1, align: 'right', cell: ({ parameters }) => (parameters ? count(parameters) : '') },
  { title: 'multiply-adds', rank: 2, align: 'right', cell: ({ macs }) => (macs ? amount(macs) : '') },
  { title: 'kept', rank: 5, align: 'right', cell: (_, kernels) => (kernels?.kept ? bytes(kernels.kept) : '') },
  { title: 'sees', rank: 4, align: 'right', cell: ({ receptiveField }) => sees(receptiveField) },
  { title: 'kernel', rank: 6, cell: (_, kernels) => kernels?.evaluation.running.join(', ') ?? '' },
];

/** `35x35`; `35x35*` where edges cut it off, `35x35+` where one number of the whole map is in it too. */
export function sees({ size, whole, clipped, gated }: ReceptiveField): string {
  return `${whole ? 'all ' : ''}${size.join('x')}${clipped ? '*' : ''}${gated && !whole ? '+' : ''}`;
}

/** The layers as a table that is no wider than `width`, if any can be: columns go, the least needed first. */
export function layerTable(
  { layers }: ModelSummary,
  { layers: kernels }: ModelKernels,
  width: number,
): { lines: string[]; notes: string[] } {
  const byId = new Map(kernels.map((layer) => [layer.id, layer]));
  let shown = [...columns];
  for (;;) {
    const rows = layers.map((layer) => shown.map((column) => column.cell(layer, byId.get(layer.id))));
    const lines = table(shown, rows);
    const most = Math.max(...shown.map(({ rank }) => rank));
    if (most > 0 && lines.some((line) => widthOf(line) > width)) {
      shown = shown.filter(({ rank }) => rank < most);
      continue;
    }
    const isShown = shown.some(({ title }) => title === 'sees');
    return { lines, notes: isShown ? fieldNotes(layers) : [] };
  }
}

function fieldNotes(layers: readonly LayerSummary[]): string[] {
  const clipped = layers.some(({ receptiveField }) => receptiveField.clipped);
  const gated = layers.some(({ receptiveField }) => receptiveField.gated && !receptiveField.whole);
  return [
    ...(clipped ? ['* reaches over the edges of the picture, even in its middle.'] : []),
    ...(gated ? ['+ and, by a factor or a norm, something of the whole picture.'] : []),
  ];
}
