import type { Dataset } from '../../dataset/dataset.ts';
import type { Unit } from '../layers.ts';
import type { Panel } from '../panel.ts';
import type { Explainer, PreparedPicture } from '../session.ts';

/** What a method may be told; each uses what it needs. */
export interface ExplainOptions {
  /** Whose logit is explained: its number. Default: the most likely class. */
  readonly target?: number;
  /** Default: as the method says. */
  readonly layer?: string;
  readonly unit?: Unit;
  /** Pictures to search: for top-activating ones. */
  readonly data?: Dataset;
  /** How many panels at most, of maps, filters or pictures. */
  readonly most?: number;
  /** Of methods that draw random numbers. */
  readonly seed?: number;
  /** Steps of a path, samples of noise, steps of an ascent. */
  readonly steps?: number;
  /** Side of the patch that hides, as a share of the picture's. */
  readonly patch?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a method found of one picture (or of the network alone). */
export interface Explanation {
  readonly panels: readonly Panel[];
  /** What is seen, in sentences. */
  readonly words: readonly string[];
  /** Figures by name. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly layer?: string;
  readonly target?: number;
}

/** One way of explaining: a file in this folder and a line in the list. */
export interface Method {
  /** As the command line takes it. */
  readonly name: string;
  readonly title: string;
  /** What it shows, what it does not, in a sentence each, and who invented it. */
  readonly shows: string;
  readonly limits: string;
  readonly source: string;
  /** What it cannot do without; an 'optional' picture it takes where there is one. */
  readonly needs: { readonly picture?: true | 'optional'; readonly unit?: boolean; readonly data?: boolean };
  /** What it can be told. */
  readonly takes: readonly ('target' | 'layer' | 'seed' | 'steps' | 'patch' | 'most')[];
  /** @param picture is there where `needs.picture` says so, and may be elsewhere. @throws FoveaError. */
  run(explainer: Explainer, picture: PreparedPicture | undefined, options: ExplainOptions): Promise<Explanation>;
}

/** The picture of a method that needs one. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`this method was started without ${what}`);
  return value;
}

/** The class that is explained. */
export const targetOf = async (
  explainer: Explainer,
  picture: PreparedPicture,
  { target }: ExplainOptions,
): Promise<number> => target ?? (await explainer.predict(picture));
