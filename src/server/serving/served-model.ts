import type { Classifier } from '../../core/classifier/classifier.ts';
import { FoveaError } from '../../core/errors.ts';
import type { Picture } from '../../core/image/picture.ts';
import type { Adapters } from '../../core/workbench/adapters.ts';
import { loadClassifier } from '../../core/workbench/test.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import { createHeatmaps, type Heatmaps } from './heatmaps.ts';
import { createRunner, type EngineName, type Runner } from './runner.ts';

/** Pictures that can be classified behind one name. */
export interface ServedModel {
  readonly name: string;
  /** The run's folder or the model's file. */
  readonly source: string;
  /** As it is now; another after `reload`. */
  readonly classifier: Classifier;
  /** What computes. */
  readonly engine: string;
  /** From 1, one more with each reload. */
  readonly version: number;
  /** Waits for the batch that a picture comes into. Logits [classes], of this classifier. */
  classify(picture: Picture, signal: AbortSignal): Promise<{ readonly logits: Float32Array; readonly by: Classifier }>;
  /** Where the answer was found, for those who ask. */
  readonly heatmaps: Heatmaps;
  /** A picture of this model is on its way; see `Batcher.announce`. */
  announce(): () => void;
  readonly waiting: number;
  /** Reads its file again; requests go on all the while, and where it fails the old one stays. @throws FoveaError. */
  reload(): Promise<void>;
  /** Ends when what was accepted is done. */
  close(): Promise<void>;
}

export interface ServedModelOptions {
  readonly engine: EngineName;
  readonly threads?: number;
  readonly maxBatch: number;
  /** Milliseconds. */
  readonly maxWait: number;
  readonly onBatch?: (pictures: number) => void;
  /** An engine died and was replaced, a sentence. */
  readonly onTrouble?: (text: string) => void;
}

interface Loaded {
  readonly classifier: Classifier;
  readonly runner: Runner;
}

/** Loads a model to serve it. @throws FoveaError when it cannot be read or does not run. */
export async function openServedModel(
  adapters: Adapters,
  name: string,
  source: string,
  options: ServedModelOptions,
): Promise<ServedModel> {
  const { maxBatch, maxWait, onBatch, onTrouble } = options;
  const start = (classifier: Classifier): Promise<Runner> =>
    createRunner(adapters, classifier, { ...options, capacity: maxBatch });
  const load = async (): Promise<Loaded> => {
    const classifier = await loadClassifier(adapters, source);
    return { classifier, runner: await start(classifier) };
  };
  let loaded = await load();
  let version = 1;
  /** Loaded by a reload, taken up between two batches. */
  let next: Loaded | undefined;

  /** A new engine in the place of one that died. */
  async function replace(reason: unknown): Promise<void> {
    const { classifier, runner } = loaded;
    onTrouble?.(`The engine of '${name}' is started anew: ${reason instanceof Error ? reason.message : reason}`);
    await runner.dispose().catch(() => undefined);
    loaded = { classifier, runner: await start(classifier) };
  }

  const batcher: Batcher<Picture, { logits: Float32Array; by: Classifier }> = createBatcher({
    maxBatch,
    maxWait,
    onRun: onBatch,
    async run(pictures) {
      if (next) {
        const before = loaded;
        loaded = next;
        next = undefined;
        await before.runner.dispose().catch(() => undefined);
      }
      let logits: Float32Array;
      try {
        logits = await loaded.runner.logits(pictures);
      } catch (error) {
        // A picture was decoded before it came here, so it is the engine that failed; once more with a new one.
        await replace(error);
        logits = await loaded.runner.logits(pictures);
      }
      const by = loaded.classifier;
      const classes = by.classNames.length;
      return pictures.map((_, i) => ({ logits: logits.slice(i * classes, (i + 1) * classes), by }));
    },
  });

  const heatmaps = createHeatmaps(adapters);
  let reloading: Promise<void> | undefined;
  async function reload(): Promise<void> {
    const fresh = await load();
    const { runner } = fresh;
    await runner.logits([blank(fresh.classifier)]);
    await next?.runner.dispose();
    next = fresh;
    version++;
  }

  let closed = false;
  return {
    name,
    source,
    get classifier() {
      return (next ?? loaded).classifier;
    },
    get engine() {
      return loaded.runner.engine;
    },
    get version() {
      return version;
    },
    get waiting() {
      return batcher.waiting;
    },
    heatmaps,
    announce: () => batcher.announce(),
    classify: (picture, signal) => batcher.add(picture, signal),
    reload() {
      if (closed) return Promise.reject(new FoveaError(`'${name}' is being shut down`));
      reloading ??= reload().finally(() => {
        reloading = undefined;
      });
      return reloading;
    },
    async close() {
      closed = true;
      await reloading?.catch(() => undefined);
      await batcher.idle();
      await heatmaps.close();
      await next?.runner.dispose();
      await loaded.runner.dispose();
    },
  };
}

/** A picture of nothing, of the size that the model takes: what proves that it runs. */
export function blank({ model }: Classifier): Picture {
  const [height, width, channels] = model.input;
  return { height, width, channels: channels as 1 | 3, data: new Uint8Array(height * width * channels) };
}
