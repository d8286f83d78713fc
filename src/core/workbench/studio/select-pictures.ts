import { type Part, parts } from '../../dataset/dataset.ts';
import type { SplitFile } from '../../dataset/split-file.ts';
import { FoveaError, invalid, mismatch } from '../../errors.ts';
import { readSplit } from '../read-split.ts';
import type { StudioContext } from './context.ts';
import type { Gallery } from './host.ts';
import type { OpenedData } from './opened-data.ts';
import { readPredictions } from './predictions.ts';

/** The part of each picture in the gallery's order; undefined for those that a split left out. */
export interface Parts {
  readonly parts: readonly (Part | undefined)[];
  /** The recorded split by which they were dealt out; absent where the data's own parts are meant. */
  readonly split:
    | { readonly hash: string; readonly seed: number; readonly left: number; readonly fresh: number }
    | undefined;
}

/** By the split that was recorded for the data, else as they came. */
export async function partsOf({ host }: StudioContext, { gallery, place }: OpenedData): Promise<Parts> {
  const split = await splitOf(host.storage, place.split);
  if (!split) return { parts: gallery.pictures.map(({ part }) => part ?? 'train'), split: undefined };
  const recorded = new Map(split.pictures.map(({ origin, part }) => [origin, part]));
  let [left, fresh] = [0, 0];
  const dealt = gallery.pictures.map(({ origin }) => {
    const part = recorded.get(origin);
    if (part === undefined) fresh++;
    else if (part === 'out') left++;
    return part === 'out' ? undefined : part;
  });
  return { parts: dealt, split: { hash: split.hash, seed: split.seed, left, fresh } };
}

/** The split that was recorded for data; undefined where there is none. */
export async function splitOf(storage: StudioContext['host']['storage'], file: string): Promise<SplitFile | undefined> {
  return (await storage.kind(file)) === 'file' ? readSplit(storage, file) : undefined;
}

/** Pictures of each part, in all and by class (same order as `classNames`). */
export function countsOf(
  { classNames, pictures }: Gallery,
  dealt: Parts['parts'],
): Partial<Record<Part, { count: number; classCounts: number[] }>> {
  const counted: Partial<Record<Part, { count: number; classCounts: number[] }>> = {};
  for (const part of parts) {
    const classCounts = new Array<number>(classNames.length).fill(0);
    let count = 0;
    pictures.forEach(({ label }, i) => {
      if (dealt[i] !== part) return;
      classCounts[label]++;
      count++;
    });
    if (count > 0) counted[part] = { count, classCounts };
  }
  return counted;
}

export interface PictureFilter {
  readonly part?: Part;
  readonly class?: string;
  readonly finding?: number;
  readonly search?: string;
  readonly predicted?: { readonly run: string; readonly class?: string; readonly right?: boolean };
}

/** What a model says of a picture. */
export interface PicturePrediction {
  readonly predicted?: string;
  /** Of the predicted class, 0 … 1. */
  readonly probability?: number;
}

/** Places in the gallery of the pictures that pass, in its order. @throws FoveaError for a filter that names what is not there. */
export async function chooseFrom(
  context: StudioContext,
  opened: OpenedData,
  filter: PictureFilter,
): Promise<{
  readonly places: Uint32Array;
  readonly parts: Parts['parts'];
  /** Of which parts the run said something; undefined where no run is asked after. */
  readonly asked: readonly Part[] | undefined;
  predictionOf(place: number): PicturePrediction;
}> {
  const { gallery, findings } = opened;
  const { classNames, pictures } = gallery;
  const { parts: dealt } = await partsOf(context, opened);
  const label = filter.class === undefined ? undefined : classNames.indexOf(filter.class);
  if (label === -1) throw invalid(`one of the classes ${classNames.slice(0, 12).join(', ')}`, "'class'", filter.class);
  let concerned: ReadonlySet<string> | undefined;
  if (filter.finding !== undefined) {
    if (!findings) throw new FoveaError('These data were not examined yet', 'Examine them first');
    const finding = findings[filter.finding];
    if (!finding) throw mismatch(`a finding below ${findings.length}`, "'finding'", String(filter.finding));
    concerned = new Set(finding.files);
  }
  const search = filter.search?.toLowerCase();
  const predictions = filter.predicted && (await readPredictions(context, filter.predicted.run, opened));
  const said = predictions?.said;
  const passes = (i: number): boolean => {
    const picture = pictures[i];
    if (filter.part !== undefined && dealt[i] !== filter.part) return false;
    if (label !== undefined && picture.label !== label) return false;
    if (concerned && !concerned.has(picture.origin)) return false;
    if (search !== undefined && !picture.origin.toLowerCase().includes(search)) return false;
    if (!filter.predicted || !said) return true;
    const one = said.get(picture.origin);
    if (!one) return false;
    if (filter.predicted.class !== undefined && one.predicted !== filter.predicted.class) return false;
    const right = one.predicted === classNames[picture.label];
    return filter.predicted.right === undefined || filter.predicted.right === right;
  };
  const places: number[] = [];
  for (let i = 0; i < pictures.length; i++) if (passes(i)) places.push(i);
  return {
    places: Uint32Array.from(places),
    parts: dealt,
    asked: predictions?.asked,
    predictionOf: (i) => said?.get(pictures[i].origin) ?? {},
  };
}
