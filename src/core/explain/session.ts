import type { Engine } from '../backend/backend.ts';
import type { Classifier } from '../classifier/classifier.ts';
import { preparePicture, softmax } from '../classifier/classify.ts';
import { invalid } from '../errors.ts';
import type { Picture } from '../image/picture.ts';
import { suggest } from '../nearest.ts';
import { imageScales } from '../ops/imageToFloat.ts';
import { ArithmeticBook, type Place, type ValueArithmetic } from './arithmetic.ts';
import { type ExplainedLayer, listLayers } from './layers.ts';
import { type Activations, type Gradients, Network } from './network.ts';
import { Recent } from './recent.ts';

/** A picture as the network sees it. What was computed of it is kept while it is. */
export interface PreparedPicture {
  /** At the model's size. */
  readonly picture: Picture;
  /** Normalised, [height, width, channels]. */
  readonly input: Float32Array;
}

/** Pictures whose activations and gradients are kept, and how many bytes those may take together. */
const mostKept = 64;
const usualRoom = 2 ** 29;

/**
 * A classifier opened to be looked into: compiled programs, weights, and what was computed last are kept, so that
 * clicking from layer to layer is immediate. One at a time in an engine.
 */
export class Explainer {
  readonly network: Network;
  readonly layers: readonly ExplainedLayer[];
  readonly arithmetic: ArithmeticBook;
  private readonly activations: Recent<Activations>;
  private readonly gradients: Recent<Gradients>;

  constructor(
    engine: Engine,
    readonly classifier: Classifier,
    room: number,
  ) {
    this.network = new Network(engine, classifier);
    this.layers = listLayers(this.network.model);
    this.arithmetic = new ArithmeticBook(this.network);
    const kept = Math.max(2, Math.min(mostKept, Math.floor(room / 8 / this.network.numbersOfPicture)));
    this.activations = new Recent(kept);
    this.gradients = new Recent(kept);
  }

  /** A picture of any size, at the model's size and normalised: the bits that the graph's own first op gives. */
  prepare(picture: Picture): PreparedPicture {
    const prepared = preparePicture(this.classifier, picture);
    return { picture: prepared, input: normalise(this.classifier, prepared.data) };
  }

  /** What every layer gives. */
  activationsOf(picture: PreparedPicture): Promise<Activations> {
    return this.activations.get([picture], () => this.network.activations(picture.input));
  }

  /** Gradients of one class's logit by every layer and the picture. */
  gradientsOf(picture: PreparedPicture, target: number): Promise<Gradients> {
    return this.gradients.get([picture, target], () => this.network.gradients(picture.input, this.seedFor(target)));
  }

  /** One number and how it came about; of a layer's output also what the plan that classifies gives. */
  async explainValue(picture: PreparedPicture, target: number, place: Place): Promise<ValueArithmetic> {
    const arithmetic = await this.arithmetic.explain(picture.picture.data, target, place);
    const { layers } = await this.activationsOf(picture);
    const inUse = layers.get(arithmetic.value)?.[place.element];
    return inUse === undefined ? arithmetic : { ...arithmetic, inUse };
  }

  /** Normalised numbers, kept within what pixels can be. */
  clip(input: Float32Array): Float32Array {
    const { scale, offset } = imageScales({ ...this.classifier.preprocessing, fit: '' });
    return Float32Array.from(input, (value, i) => {
      const c = i % scale.length;
      return Math.max(offset[c], Math.min(255 * scale[c] + offset[c], value));
    });
  }

  /** 1 for a class, 0 for the others. */
  seedFor(target: number): Float32Array {
    const seed = new Float32Array(this.classifier.classNames.length);
    seed[target] = 1;
    return seed;
  }

  /** Probabilities of all classes. */
  async probabilitiesOf(picture: PreparedPicture): Promise<Float64Array> {
    return softmax((await this.activationsOf(picture)).logits);
  }

  /** The most likely class. */
  async predict(picture: PreparedPicture): Promise<number> {
    const { logits } = await this.activationsOf(picture);
    return logits.reduce((best, value, i) => (value > logits[best] ? i : best), 0);
  }

  /** A class by its name or number. @throws FoveaError when there is none. */
  classOf(name: string | number): number {
    const { classNames } = this.classifier;
    const place = typeof name === 'number' ? name : classNames.indexOf(name);
    if (Number.isInteger(place) && place >= 0 && place < classNames.length) return place;
    throw invalid('a class of the model', 'the class', name, typeof name === 'string' ? suggest(name, classNames) : '');
  }
}

/**
 * @param room bytes for activations and gradients together; of two pictures they are kept whatever they take.
 * @throws FoveaError when the model does not fit.
 */
export function openExplainer(engine: Engine, classifier: Classifier, room = usualRoom): Explainer {
  return new Explainer(engine, classifier, room);
}

/** Pixels 0 … 255 as the network takes them. */
export function normalise({ preprocessing }: Classifier, pixels: Uint8Array): Float32Array {
  const { scale, offset } = imageScales({ mean: preprocessing.mean, std: preprocessing.std });
  const channels = scale.length;
  return Float32Array.from(pixels, (pixel, i) => Math.fround(pixel * scale[i % channels]) + offset[i % channels]);
}

/** The pixels of normalised numbers, rounded and kept within 0 … 255. */
export function toPixels({ preprocessing }: Classifier, input: Float32Array): Uint8Array {
  const { scale, offset } = imageScales({ mean: preprocessing.mean, std: preprocessing.std });
  const channels = scale.length;
  return Uint8Array.from(input, (value, i) => {
    const pixel = Math.round((value - offset[i % channels]) / scale[i % channels]);
    return Math.max(0, Math.min(255, pixel));
  });
}
