import type { Engine } from '../backend/backend.ts';
import { type Dataset, type Part, pictureAt } from '../dataset/dataset.ts';
import { FoveaError, invalid, mismatch } from '../errors.ts';
import { elementAt, type Place, type ValueArithmetic } from '../explain/arithmetic.ts';
import type { Differentiated } from '../explain/differentiated.ts';
import { featuresOf, thinned } from '../explain/embed/features.ts';
import { type Neighbour, nearestTo } from '../explain/embed/neighbours.ts';
import { principalComponents } from '../explain/embed/pca.ts';
import { mostUmapRows, umap } from '../explain/embed/umap.ts';
import { type ExplainedLayer, elementOf, layerOf, type Unit } from '../explain/layers.ts';
import { type Explanation, type Method, methodNamed, methods } from '../explain/methods/index.ts';
import { featuresKept } from '../explain/methods/nearestPictures.ts';
import { type Explainer, openExplainer, type PreparedPicture } from '../explain/session.ts';
import type { Picture } from '../image/picture.ts';
import type { Adapters } from './adapters.ts';
import { openExplainedData } from './explain-data.ts';
import { originAt } from './pictures/fixed-data.ts';
import { loadClassifier } from './test.ts';
import type { VerbOptions } from './verb.ts';

export interface ExplainRequest {
  /** A run's folder, or a classifier's file. */
  readonly run: string;
  /** Data to search for pictures; default: what the run was trained on. */
  readonly data?: string;
  readonly threads?: number;
  /** Bytes that activations and gradients of pictures may take together, about. Default 512 MB. */
  readonly room?: number;
}

/** What is asked of an open explanation. */
export interface ExplainQuestion {
  /** As the list of methods names it. */
  readonly method: string;
  /** A picture that was opened; methods about the network alone need none. */
  readonly picture?: number;
  /** A class by name or number; default: the most likely one. */
  readonly class?: string | number;
  readonly layer?: string;
  readonly unit?: Unit;
  readonly most?: number;
  readonly seed?: number;
  readonly steps?: number;
  readonly patch?: number;
}

/**
 * Which number is to be looked at: a unit of a layer, or any value by its name and its place (counted, or along its axes),
 * such as 'conv1.weight' and 'loss'; with `gradient`, that one's gradient.
 */
export type ArithmeticQuestion = {
  readonly picture: number;
  /** Whose logit the gradients are of, or the label of the loss; default: the most likely class. */
  readonly class?: string | number;
  /** How the picture is labelled, where that is known: the loss's class where none is named. */
  readonly label?: string;
  readonly gradient?: boolean;
  /** What the gradient is of; default: the logit, and of a weight the loss. */
  readonly of?: Differentiated;
} & (
  | { readonly unit: Unit }
  | { readonly value: string; readonly element: number }
  | { readonly value: string; readonly index: readonly number[] }
);

/** A method as a list shows it. */
export type ListedMethod = Omit<Method, 'run'>;

/** A picture that was opened in an explanation. */
export interface ExplainedPicture {
  readonly picture: number;
  /** At the model's size. */
  readonly pixels: Picture;
  /** In the order of the class names. */
  readonly probabilities: Float64Array;
  readonly predicted: number;
}

export interface Embedding {
  readonly points: Float32Array;
  readonly labels: Int32Array;
  readonly indices: Int32Array;
  /** Where each lies in the data. */
  readonly origins: readonly string[];
  readonly classNames: readonly string[];
  /** Of PCA: the share of all variance that each axis holds. */
  readonly shares?: readonly number[];
}

/** A training picture near to another, and where it lies in the data. */
export interface NearPicture extends Neighbour {
  readonly origin: string;
}

/**
 * A classifier that is open to be looked into. It keeps what it compiled and computed: the second question about a picture
 * takes milliseconds. Results are plain objects with typed arrays. Must be closed.
 */
export interface Explaining {
  readonly classNames: readonly string[];
  readonly layers: readonly ExplainedLayer[];
  readonly methods: readonly ListedMethod[];
  /** Any picture; the last 64 stay open. */
  open(picture: Picture): Promise<ExplainedPicture>;
  /** A picture file. @throws FoveaError when it cannot be read. */
  openFile(path: string): Promise<ExplainedPicture>;
  /** A picture of the data, by its place in a part. Never of the test part. @throws FoveaError. */
  openAt(part: Exclude<Part, 'test'>, index: number): Promise<ExplainedPicture>;
  /** Panels, words and figures of one method. */
  explain(question: ExplainQuestion, options?: VerbOptions): Promise<Explanation>;
  /** How one number came about. */
  arithmetic(question: ArithmeticQuestion): Promise<ValueArithmetic>;
  /** Names of all numbers that `arithmetic` can be asked for, with their shapes. */
  values(picture: number): Promise<readonly { readonly value: string; readonly shape: readonly number[] }[]>;
  /** Training pictures as points: coordinates [count, 2], their labels and places in the data. */
  embed(question: { readonly by: 'pca' | 'umap'; readonly seed?: number }, options?: VerbOptions): Promise<Embedding>;
  /** The training pictures that the network takes for most alike to a picture. */
  nearest(
    question: { readonly picture: number; readonly most?: number },
    options?: VerbOptions,
  ): Promise<NearPicture[]>;
  close(): Promise<void>;
}

/** @throws FoveaError when there is no such run. */
export async function openExplaining(
  adapters: Adapters,
  request: ExplainRequest,
  options: VerbOptions = {},
): Promise<Explaining> {
  const classifier = await loadClassifier(adapters, request.run, options.onEvent);
  const engine = await adapters.createEngine({ threads: request.threads });
  try {
    return new OpenExplaining(adapters, request, engine, openExplainer(engine, classifier, request.room));
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

const mostOpen = 64;

class OpenExplaining implements Explaining {
  readonly classNames: readonly string[];
  readonly layers: readonly ExplainedLayer[];
  readonly methods: readonly ListedMethod[] = methods.map(({ run: _, ...listed }) => listed);
  private readonly pictures = new Map<number, PreparedPicture>();
  private opened = 0;
  private readonly data = new Map<string, Promise<Dataset>>();

  constructor(
    private readonly adapters: Adapters,
    private readonly request: ExplainRequest,
    private readonly engine: Engine,
    private readonly explainer: Explainer,
  ) {
    this.classNames = explainer.classifier.classNames;
    this.layers = explainer.layers;
  }

  async open(picture: Picture): Promise<ExplainedPicture> {
    const prepared = this.explainer.prepare(picture);
    const number = this.opened++;
    this.pictures.set(number, prepared);
    for (const old of this.pictures.keys()) if (this.pictures.size > mostOpen) this.pictures.delete(old);
    return {
      picture: number,
      pixels: prepared.picture,
      probabilities: await this.explainer.probabilitiesOf(prepared),
      predicted: await this.explainer.predict(prepared),
    };
  }

  async openFile(path: string): Promise<ExplainedPicture> {
    const channels = this.explainer.classifier.model.input[2] as 1 | 3;
    for await (const found of this.adapters.openPictures([path], { channels })) {
      if ('error' in found) throw new FoveaError(`Cannot read '${found.file}': ${found.error}`);
      return this.open(found.picture);
    }
    throw mismatch('a picture', `'${path}'`, 'none');
  }

  async openAt(part: Exclude<Part, 'test'>, index: number): Promise<ExplainedPicture> {
    const dataset = await this.dataset(part);
    if (!Number.isInteger(index) || index < 0 || index >= dataset.count)
      throw invalid(`a number from 0 to ${dataset.count - 1}`, `a picture of the ${part} part`, index);
    return this.open(pictureAt(dataset, index));
  }

  async explain(question: ExplainQuestion, { signal, onEvent }: VerbOptions = {}): Promise<Explanation> {
    const method = methodNamed(question.method);
    const { needs } = method;
    const picture = question.picture === undefined ? undefined : this.pictureOf(question.picture);
    if (needs.picture === true && !picture)
      throw mismatch('a picture', `method '${method.name}'`, 'none', 'Name one after the run, such as cat.jpg');
    if (needs.unit && !question.unit) {
      const mend = 'Name a layer and a channel, and in a map a row and a column: conv2:5 or conv2:5@3,4';
      throw mismatch('a unit', `method '${method.name}'`, 'none', mend);
    }
    const { class: name, picture: _, method: __, ...rest } = question;
    return method.run(this.explainer, picture, {
      ...rest,
      target: name === undefined ? undefined : this.explainer.classOf(name),
      data: needs.data ? await this.dataset('train', { signal, onEvent }) : undefined,
      ...this.telling({ signal, onEvent }),
    });
  }

  async arithmetic(question: ArithmeticQuestion): Promise<ValueArithmetic> {
    const picture = this.pictureOf(question.picture);
    const { value: name, element } = this.placeOf(question);
    const value = question.gradient ? this.explainer.arithmetic.gradientOf(name, question.of) : name;
    const { label } = question;
    const labelled =
      label !== undefined && this.classNames.includes(label) && this.explainer.arithmetic.isOfLoss(value);
    const asked = question.class ?? (labelled ? label : undefined);
    const target = asked === undefined ? await this.explainer.predict(picture) : this.explainer.classOf(asked);
    return this.explainer.explainValue(picture, target, { value, element });
  }

  private placeOf(question: ArithmeticQuestion): Place {
    if ('element' in question) return question;
    if ('unit' in question) {
      const layer = layerOf(this.layers, question.unit.layer);
      return { value: layer.id, element: elementOf(layer, question.unit) };
    }
    const { value, index } = question;
    return { value, element: elementAt(value, this.explainer.arithmetic.shapeOf(value), index) };
  }

  async values(picture: number) {
    this.pictureOf(picture);
    return this.explainer.arithmetic.values();
  }

  async embed(
    { by, seed = 1 }: { readonly by: 'pca' | 'umap'; readonly seed?: number },
    options: VerbOptions = {},
  ): Promise<Embedding> {
    const data = await this.dataset('train', options);
    const how = this.telling(options);
    const all = await featuresKept(this.explainer, data, how);
    const tell = ({ labels, indices }: typeof all) => ({
      labels,
      indices,
      origins: Array.from(indices, (index) => originAt(data, 'train', index)),
      classNames: data.classNames,
    });
    if (by === 'pca') {
      const { coordinates: points, shares } = principalComponents(all.rows, all.size);
      return { points, shares, ...tell(all) };
    }
    const some = thinned(all, mostUmapRows);
    return { points: await umap(some, seed, how), ...tell(some) };
  }

  async nearest(
    { picture, most = 12 }: { readonly picture: number; readonly most?: number },
    options: VerbOptions = {},
  ): Promise<NearPicture[]> {
    const data = await this.dataset('train', options);
    const features = await featuresKept(this.explainer, data, this.telling(options));
    const { rows } = await featuresOf(this.explainer, [this.pictureOf(picture)]);
    return nearestTo(features, rows, most).map((near) => ({ ...near, origin: originAt(data, 'train', near.index) }));
  }

  private telling({ signal, onEvent }: VerbOptions) {
    return {
      signal,
      onProgress: (done: number, total: number): void => onEvent?.({ kind: 'reading', done, total }),
    };
  }

  async close(): Promise<void> {
    await this.engine.dispose();
  }

  private pictureOf(number: number): PreparedPicture {
    const picture = this.pictures.get(number);
    if (picture) return picture;
    throw invalid('a picture that is open', 'the picture', number, 'Open it again');
  }

  private dataset(part: Exclude<Part, 'test'>, options?: VerbOptions): Promise<Dataset> {
    let known = this.data.get(part);
    if (!known) {
      known = openExplainedData(this.adapters, this.explainer.classifier, this.request, part, options);
      this.data.set(part, known);
      known.catch(() => this.data.delete(part));
    }
    return known;
  }
}
