import { availableParallelism } from 'node:os';
import { FoveaError } from '../../core/errors.ts';
import type { Picture } from '../../core/image/picture.ts';
import { decodeImage, UnreadablePicture } from '../../node/codec.ts';
import { type Answer, answerOf, type Refusal } from './answer.ts';
import { GivenUp } from './batcher.ts';
import { type Capacity, createCapacity, type Place } from './capacity.ts';
import { createGate } from './decode-gate.ts';
import type { ReceivedImage } from './images-in-body.ts';
import { createMetrics, type ServingMetrics } from './metrics.ts';
import { Problem } from './problem.ts';
import type { ServedModel } from './served-model.ts';

export interface ServiceLimits {
  /** Of a request's body. */
  readonly bytes: number;
  /** Pixels that a picture may claim. */
  readonly pixels: number;
  /** Pictures a request. */
  readonly images: number;
  /** Pictures accepted and not answered yet. */
  readonly queue: number;
  /** Milliseconds that a request may take. */
  readonly timeout: number;
}

/** What is to be told of each picture. */
export interface WantedAnswer {
  /** How many classes. */
  readonly top: number;
  readonly heatmap: boolean;
}

/** Bodies that lie in memory at a time, beside what one request may bring. */
const bodiesAtOnce = 16;

/** Models and how pictures come to them; knows nothing of HTTP but its statuses. */
export interface Service {
  readonly models: ReadonlyMap<string, ServedModel>;
  readonly limits: ServiceLimits;
  readonly capacity: Capacity;
  readonly metrics: ServingMetrics;
  /** False once it is shutting down. */
  ready: boolean;
  /** @throws Problem 404. */
  model(name: string): ServedModel;
  /** A place for a request. @throws Problem 429, 503. */
  enter(bytes: number): Place;
  /** @throws Problem where no picture could be read, or it took too long. */
  classify(
    model: ServedModel,
    images: readonly ReceivedImage[],
    wanted: WantedAnswer,
    signal: AbortSignal,
  ): Promise<(Answer | Refusal)[]>;
  /** Logits of pictures that are decoded already. @throws Problem 503. */
  logits(model: ServedModel, pictures: readonly Picture[], signal: AbortSignal): Promise<Float32Array[]>;
}

export function createService(models: ReadonlyMap<string, ServedModel>, limits: ServiceLimits): Service {
  const capacity = createCapacity({ pictures: limits.queue, bytes: bodiesAtOnce * limits.bytes }, () =>
    performance.now(),
  );
  const metrics = createMetrics(() => capacity.taken);
  const decoding = createGate(availableParallelism() + 1);

  async function classifyOne(
    model: ServedModel,
    { name, bytes }: ReceivedImage,
    { top, heatmap }: WantedAnswer,
    signal: AbortSignal,
  ): Promise<Answer | Refusal> {
    const arrived = model.announce();
    let picture: Picture;
    try {
      const channels = model.classifier.model.input[2] as 1 | 3;
      picture = await decoding(async () => {
        if (signal.aborted) throw new GivenUp('The request was given up');
        return decodeImage(bytes, { channels, limitPixels: limits.pixels, limitBytes: limits.bytes, subject: name });
      });
    } catch (error) {
      if (error instanceof UnreadablePicture) return { name, error: error.message };
      throw error;
    } finally {
      arrived();
    }
    const { logits, by } = await model.classify(picture, signal);
    const answer = answerOf(name, by, logits, top);
    return heatmap ? { ...answer, heatmap: await model.heatmaps.of(by, picture) } : answer;
  }

  const service: Service = {
    models,
    limits,
    capacity,
    metrics,
    ready: true,
    model(name) {
      const found = models.get(name);
      if (found) return found;
      const known = [...models.keys()].map((one) => `'${one}'`).join(', ');
      throw new Problem(404, `Expected one of ${known} for the model but received '${name.slice(0, 100)}'`);
    },
    enter(bytes) {
      if (!service.ready) throw new Problem(503, 'This server is being shut down');
      if (bytes > limits.bytes) {
        throw new Problem(413, `Expected at most ${limits.bytes} bytes for a request but received ${bytes}`);
      }
      const place = capacity.enter(bytes);
      if (!place) throw full(capacity);
      return place;
    },
    async classify(model, images, wanted, signal) {
      const results = await settle(() => Promise.all(images.map((image) => classifyOne(model, image, wanted, signal))));
      metrics.classified(model.name, results.filter((one) => 'top' in one).length);
      const refused = results.find((one) => 'error' in one);
      if (refused && results.every((one) => 'error' in one)) throw new Problem(400, refused.error);
      return results;
    },
    async logits(model, pictures, signal) {
      const results = await settle(() => Promise.all(pictures.map((picture) => model.classify(picture, signal))));
      metrics.classified(model.name, pictures.length);
      return results.map(({ logits }) => logits);
    },
  };
  return service;
}

export const full = (capacity: Capacity): Problem =>
  new Problem(429, 'This server has as many pictures waiting as it takes', 'Ask again later', {
    'retry-after': String(capacity.retryAfter()),
  });

/** What is not of the picture is of the server: 503, so that a client knows to ask again. */
async function settle<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error instanceof GivenUp) throw new Problem(503, 'The request took longer than this server allows');
    const message = error instanceof FoveaError ? error.message : 'The engine failed';
    throw new Problem(503, `Expected an answer of the engine but received none: ${message}`);
  }
}
