import type { DataSource, Dataset } from '../dataset/dataset.ts';
import { hashDataset } from '../dataset/hash.ts';
import { type Gated, gateLeaks, type Leak, leakNote, setsOf } from '../dataset/leak-gate.ts';
import { splitOff } from '../dataset/split.ts';
import { applySplit, type SplitFile } from '../dataset/split-file.ts';
import { channelStatistics } from '../dataset/statistics.ts';
import { FoveaError, mismatch } from '../errors.ts';
import type { OpenedWeights } from '../model/opened-weights.ts';
import type { Adapters } from './adapters.ts';
import { knownCopies } from './known-copies.ts';
import { type NoteEvent, note } from './notes.ts';
import { readSplit } from './read-split.ts';
import type { RunDescription } from './run-folder.ts';
import type { VerbOptions } from './verb.ts';

export async function openSource(
  adapters: Adapters,
  data: string,
  request: { readonly size?: { height: number; width: number }; readonly channels?: 1 | 3; readonly strict: boolean },
  { signal, onEvent }: VerbOptions,
): Promise<DataSource> {
  const onProgress = ({ done, total }: { done: number; total: number }): void =>
    onEvent?.({ kind: 'reading', done, total });
  const source = await adapters.openData(data, { ...request, signal, onProgress });
  signal?.throwIfAborted();
  for (const text of source.notes) onEvent?.({ kind: 'note', text });
  for (const { origin, reason } of source.skipped) onEvent?.({ kind: 'skipped', origin, reason });
  return source;
}

/**
 * Gives each picture the part that a recorded split says, or keeps the data's own parts and takes out of train and val
 * what lies in a stricter part too. Test pictures are only compared with the others here, and nowhere else in a training.
 */
export async function dealOut(
  adapters: Pick<Adapters, 'cache'>,
  opened: DataSource,
  how: { readonly split?: SplitFile; readonly splitFile?: string; readonly keepLeaks: boolean },
  { onEvent }: VerbOptions,
): Promise<{ source: DataSource; leaks: readonly Leak[]; alike?: Gated['alike']; notes: readonly string[] }> {
  const tell = (notes: readonly (string | NoteEvent)[]): readonly string[] => {
    const told = notes.map((one): NoteEvent => (typeof one === 'string' ? { kind: 'note', text: one } : one));
    for (const one of told) onEvent?.(one);
    return told.map(({ text }) => text);
  };
  if (how.split) {
    const { source, notes } = applySplit(opened, how.split, how.splitFile as string);
    const cited = note('by-split', { hash: `${how.split.hash.slice(0, 19)}…`, file: how.splitFile as string });
    return { source, leaks: [], notes: tell([cited, ...notes]) };
  }
  const copies = await knownCopies(adapters, setsOf(opened).sets);
  const { source, leaks, alike, complete } = gateLeaks(opened, how.keepLeaks, copies);
  const leak = leakNote(leaks, how.keepLeaks);
  const doubts = complete ? [] : [note('near-copies-not-compared', {})];
  return { source, leaks, alike, notes: tell([...(leak === undefined ? [] : [leak]), ...doubts]) };
}

/**
 * Training and validation pictures; `share` is 0 where the data bring their own validation part.
 * @param alike training pictures that look the same, so that none validates another; by default found here.
 */
export function trainingParts(
  source: DataSource,
  val: number,
  seed: number,
  alike?: Gated['alike'],
): { train: Dataset; val: Dataset; share: number } {
  const { train } = source;
  if (!train) throw mismatch('training pictures', `data set '${source.name}'`, 'none', 'It holds no train part');
  if (source.val) return { train, val: source.val, share: 0 };
  const { kept, taken } = splitOff(train, val, seed, alike);
  return { train: kept, val: taken, share: val };
}

/** The pictures of a run, as it had them. */
export interface RunPictures {
  readonly train: Dataset;
  readonly val: Dataset;
  readonly leaks: readonly Leak[];
  /** All that the data hold, before any was dealt out. */
  readonly opened: DataSource;
  readonly split: SplitFile | undefined;
}

/** @throws FoveaError when they are not there any more or are others. */
export async function openRunData(
  adapters: Adapters,
  { data, recipe }: Pick<RunDescription, 'data' | 'recipe'>,
  path: string,
  options: VerbOptions,
): Promise<RunPictures> {
  const [height, width, channels] = recipe.model.input;
  const opening = { size: { height, width }, channels: channels as 1 | 3, strict: data.strict };
  const split = data.split && (await readSplit(adapters.storage, adapters.locate(data.split.file), data.split.hash));
  const opened = await openSource(adapters, adapters.locate(data.source), opening, options);
  const dealing = { split, splitFile: data.split?.file, keepLeaks: data.leaks?.kept ?? false };
  const { source, leaks, alike } = await dealOut(adapters, opened, dealing, options);
  const { train, val } = trainingParts(source, recipe.val === 0 ? 0.1 : recipe.val, recipe.seed, alike);
  if ((await hashDataset(train)) !== data.train || (await hashDataset(val)) !== data.val) {
    throw new FoveaError(
      `The pictures of '${data.source}' are not those that the run '${path}' began with`,
      'Put the old ones back, or train anew',
    );
  }
  return { train, val, leaks, opened, split };
}

/** Pictures are normalised as those that the weights come from were, where that is known. */
export function preprocessingOf(
  train: Dataset,
  start: OpenedWeights | undefined,
): { preprocessing: ReturnType<typeof preprocessingFor>; note: readonly string[] } {
  const own = preprocessingFor(train);
  if (!start) return { preprocessing: own, note: [] };
  const { normalisation, source } = start;
  if (!normalisation) {
    const text = `How the pictures behind '${source}' were normalised is not known: yours are by their own mean and deviation.`;
    return { preprocessing: own, note: [text] };
  }
  if (normalisation.mean.length !== train.channels) {
    const text = `The pictures behind '${source}' have ${normalisation.mean.length} channels, yours ${train.channels}: yours are normalised by their own mean and deviation.`;
    return { preprocessing: own, note: [text] };
  }
  const { mean, std } = normalisation;
  const text = `Pictures are normalised as those behind '${source}' were.`;
  return { preprocessing: { fit: 'stretch', mean: [...mean], std: [...std] }, note: [text] };
}

/** Each channel to mean 0 and deviation 1 over the training pictures; a channel without variation is left as it is. */
export function preprocessingFor(train: Dataset): { fit: 'stretch'; mean: number[]; std: number[] } {
  const { mean, std } = channelStatistics(train);
  return { fit: 'stretch', mean: [...mean], std: std.map((value) => (value > 0 ? value : 1)) };
}
