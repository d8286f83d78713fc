import { FoveaError } from '../errors.ts';
import type { Shape } from '../shape.ts';
import { canonicalLayers } from './canonical.ts';
import { inputId, type LayerSpec, type ResolvedLayer, resolveLayers } from './spec.ts';

/** One step of a mend. Ids are those of the model that it mends. */
export type SpecChange =
  /** Gives a layer options; null takes one away. */
  | { readonly change: 'set'; readonly layer: string; readonly options: Readonly<Record<string, unknown>> }
  /** Puts a new layer between a layer and what it reads as its input number `input` (from 0). */
  | { readonly change: 'insert'; readonly before: string; readonly input: number; readonly layer: LayerSpec }
  /** Puts a new layer at the end. */
  | { readonly change: 'append'; readonly layer: LayerSpec }
  /** Takes a layer out; who read it reads what it read first. */
  | { readonly change: 'remove'; readonly layer: string }
  /** Puts another layer in its place, under its id. */
  | { readonly change: 'replace'; readonly layer: string; readonly type: string };

/** A way out of an error, as words and as data: what a button in a page would do. */
export interface SpecMend {
  /** As part of a sentence: `use padding 'same'`. */
  readonly text: string;
  readonly changes: readonly SpecChange[];
  /** The whole model fits then; else another layer after this one is still to be mended. */
  readonly complete: boolean;
}

/** A model whose layers do not fit each other, with the mends that were tried and found to help. */
export class ModelError extends FoveaError {
  /** Id of the layer that does not fit. */
  readonly layer: string;
  /** Shapes of what it reads. */
  readonly incoming: readonly Shape[];
  readonly mends: readonly SpecMend[];

  constructor(cause: FoveaError, layer: string, incoming: readonly Shape[], mends: readonly SpecMend[]) {
    const message = cause.mend === '' ? cause.message : cause.message.slice(0, -(cause.mend.length + 2));
    super(message, mends.length === 0 ? cause.mend : sentence(mends.map(({ text }) => text)));
    this.layer = layer;
    this.incoming = incoming;
    this.mends = mends;
  }
}

/** `Use padding 'same' or kernelSize 3, or leave it out`. */
function sentence(texts: readonly string[]): string {
  const whole = texts.reduce((all, text) => {
    if (all === '') return text;
    return text.startsWith('use ') && /^use [^,]*$/.test(all) ? `${all} or ${text.slice(4)}` : `${all}, or ${text}`;
  }, '');
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

/**
 * The layers after a mend, in canonical form. @throws FoveaError when a change names a layer that is not there, or the
 * result is no model.
 */
export function applyMend(layers: readonly LayerSpec[], changes: readonly SpecChange[]): LayerSpec[] {
  const resolved = resolveLayers(layers);
  let now = layers.map((layer, i): LayerSpec => ({ ...layer, inputs: resolved[i].inputs }));
  for (const change of changes) now = applyChange(now, change);
  return canonicalLayers(resolveLayers(now), now);
}

function applyChange(layers: readonly LayerSpec[], change: SpecChange): LayerSpec[] {
  const named = change.change === 'insert' ? change.before : change.change === 'append' ? undefined : change.layer;
  const at = layers.findIndex(({ id }) => id === named);
  if (named !== undefined && at < 0) throw new FoveaError(`Expected a layer '${named}' for the mend but received none`);
  switch (change.change) {
    case 'set': {
      const { id, type, inputs, ...options } = layers[at];
      const entries = Object.entries({ ...options, ...change.options }).filter(([, value]) => value !== null);
      return layers.with(at, { id, type, inputs, ...Object.fromEntries(entries) });
    }
    case 'insert': {
      const reads = layers[at].inputs ?? [];
      const added = { ...change.layer, inputs: [reads[change.input]] };
      const reader = { ...layers[at], inputs: reads.with(change.input, added.id) };
      return [...layers.slice(0, at), added, reader, ...layers.slice(at + 1)];
    }
    case 'append':
      return [...layers, { ...change.layer, inputs: [layers.at(-1)?.id ?? inputId] }];
    case 'remove': {
      const [instead] = layers[at].inputs ?? [inputId];
      return layers
        .filter((_, i) => i !== at)
        .map((layer) => ({ ...layer, inputs: layer.inputs?.map((id) => (id === named ? instead : id)) }));
    }
    case 'replace':
      return layers.with(at, { id: layers[at].id, type: change.type, inputs: layers[at].inputs });
  }
}

/** What does not fit: a layer, and what came to it; after the last layer, `logits`. */
export interface Misfit {
  readonly error: FoveaError;
  /** Place in the list; as many as there are layers where the model as a whole ends wrongly. */
  readonly place: number;
  readonly incoming: readonly Shape[];
}

/**
 * The candidates that help, tried one by one: the layer fits then, and those come first after which the whole model
 * does.
 *
 * @param attempt finds the first misfit of other layers; undefined where they fit. @param most how many are told.
 */
export function provenMends(
  layers: readonly LayerSpec[],
  resolved: readonly ResolvedLayer[],
  { place }: Misfit,
  candidates: readonly Omit<SpecMend, 'complete'>[],
  attempt: (layers: readonly LayerSpec[]) => Misfit | undefined,
  most = 3,
): SpecMend[] {
  const stuck = resolved[Math.min(place, resolved.length - 1)].id;
  const proven: SpecMend[] = [];
  for (const candidate of candidates) {
    let misfit: Misfit | undefined;
    let changed: readonly LayerSpec[];
    try {
      changed = applyMend(layers, candidate.changes);
      misfit = attempt(changed);
    } catch (error) {
      if (error instanceof FoveaError) continue;
      throw error;
    }
    const complete = misfit === undefined;
    const position = changed.findIndex(({ id }) => id === stuck);
    // Without its layer a misfit must lie past where it stood.
    if (misfit && misfit.place <= (position < 0 ? place - 1 : position)) continue;
    if (misfit && place === resolved.length) continue;
    proven.push({ ...candidate, complete });
  }
  return proven.sort((a, b) => Number(b.complete) - Number(a.complete)).slice(0, most);
}
