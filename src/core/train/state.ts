import { z } from 'zod';
import { invalid } from '../errors.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import type { Shape } from '../shape.ts';
import { parseJson } from './check.ts';
import { type EpochRecord, emptyTotals, epochRecordSchema, type Totals, totalsSchema } from './history.ts';

/** A tensor as files hold it: PyTorch's layout. */
export interface FileTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Where a training stands: with it and the recipe, training goes on as if it had never stopped, bit for bit. */
export interface TrainingState {
  /** The epoch in progress, from 1; epochs + 1 when all are done. */
  readonly epoch: number;
  /** Steps of that epoch that are done. */
  readonly step: number;
  /** Sums over those steps. */
  readonly totals: Totals;
  /** Wall time of that epoch so far. */
  readonly seconds: number;
  readonly history: readonly EpochRecord[];
  /** What the learning-rate schedule remembers. */
  readonly schedule: Readonly<Record<string, number>>;
  /** Pictures trained on in all, and the wall time of those steps. */
  readonly trained: { readonly images: number; readonly seconds: number };
}

export const initialState = (): TrainingState => ({
  epoch: 1,
  step: 0,
  totals: emptyTotals(),
  seconds: 0,
  history: [],
  schedule: {},
  trained: { images: 0, seconds: 0 },
});

/** Everything that changes during training, at one moment. */
export interface Snapshot {
  readonly state: TrainingState;
  /** Parameters and running statistics by name, in PyTorch's layout. */
  readonly weights: ReadonlyMap<string, FileTensor>;
  /** The optimizer's tensors by name, in the engine's layout. */
  readonly optimizer: ReadonlyMap<string, Float32Array>;
  /** Averages of the weights, as `weights`; absent where there are none (yet). */
  readonly averaged?: ReadonlyMap<string, FileTensor>;
}

const stateSchema = z.object({
  epoch: z.int().min(1),
  step: z.int().min(0),
  totals: totalsSchema,
  seconds: z.number().min(0),
  history: z.array(epochRecordSchema),
  schedule: z.record(z.string(), z.number()),
  trained: z.object({ images: z.int().min(0), seconds: z.number().min(0) }),
});

const format = 'fovea-training-state-1';

/**
 * `last.state.safetensors`: the state as JSON in the metadata, `weights.<name>`, `optimizer.<name>` and, where
 * weights are averaged, `averaged.<name>` as tensors. It
 * holds the weights too, so that a crash between two files never pairs one moment's weights with another's optimizer.
 */
export function writeSnapshot({ state, weights, optimizer, averaged = new Map() }: Snapshot): Uint8Array {
  const tensors = new Map<string, FileTensor>();
  for (const [name, tensor] of weights) tensors.set(`weights.${name}`, tensor);
  for (const [name, tensor] of averaged) tensors.set(`averaged.${name}`, tensor);
  for (const [name, data] of optimizer) tensors.set(`optimizer.${name}`, { shape: [data.length], data });
  return writeSafetensors(tensors, { 'fovea.format': format, 'fovea.state': JSON.stringify(state) });
}

/** @throws FoveaError when the file is no such state, is cut short, or holds other types. */
export function readSnapshot(bytes: Uint8Array, file: string): Snapshot {
  const { tensors, metadata } = readSafetensors(bytes, file);
  if (metadata['fovea.format'] !== format) {
    throw invalid(
      `a training state (${format})`,
      `file '${file}'`,
      metadata['fovea.format'] ?? 'a file of another kind',
    );
  }
  const state = parseJson(stateSchema, metadata['fovea.state'] ?? '', `file '${file}', metadata 'fovea.state'`);
  const weights = new Map<string, FileTensor>();
  const optimizer = new Map<string, Float32Array>();
  const averaged = new Map<string, FileTensor>();
  for (const [name, { shape, data, dtype }] of tensors) {
    if (!(data instanceof Float32Array)) throw invalid('F32', `tensor '${name}' in file '${file}'`, dtype);
    if (name.startsWith('weights.')) weights.set(name.slice('weights.'.length), { shape, data });
    else if (name.startsWith('averaged.')) averaged.set(name.slice('averaged.'.length), { shape, data });
    else if (name.startsWith('optimizer.')) optimizer.set(name.slice('optimizer.'.length), data);
    else throw invalid('tensors of weights and optimizer', `file '${file}'`, name);
  }
  return { state, weights, optimizer, ...(averaged.size > 0 ? { averaged } : {}) };
}
