import { createWasmEngine } from '../core/backend/wasm.ts';
import { isUnknown } from '../core/classifier/calibration.ts';
import { openClassifier, type Prediction } from '../core/classifier/classify.ts';
import { readClassifier } from '../core/classifier/file.ts';
import { invalid } from '../core/errors.ts';
import type { Picture } from '../core/image/picture.ts';
import { fetchKernels } from './fetch-kernels.ts';
import { readPicture } from './read-picture.ts';

export type { Prediction } from '../core/classifier/classify.ts';

export interface OpenClassifierFileOptions {
  /**
   * Where `kernels-classify.wasm` is, relative to the page, or its bytes; default: where the package has it. Any build of
   * the kernels without shared memory does.
   */
  readonly kernels?: string | URL | ArrayBuffer | Uint8Array<ArrayBuffer>;
  /** The file's name, for errors. */
  readonly name?: string;
}

/** What a classifier says of one picture. */
export interface Answer {
  /** The most likely classes, the most likely first. */
  readonly top: readonly Prediction[];
  /** The most likely class is less probable than the model's threshold: better no answer than that one. */
  readonly unknown: boolean;
}

/** A model that answers, on the thread that opened it. */
export interface ClassifierFile {
  readonly classNames: readonly string[];
  /** Height, width and channels that pictures are brought to. */
  readonly input: readonly number[];
  /** Probability below which the answer is "unknown"; absent where none was chosen. */
  readonly threshold?: number;
  /**
   * Classifies a file, canvas, video, frame of a video, bitmap or picture of pixels: any size, as `fovea classify` does.
   * Calls wait for each other. @param top how many classes; default 3. @throws FoveaError for what is no picture.
   */
  classify(source: ImageBitmapSource | Picture, top?: number): Promise<Answer>;
  /** Gives the engine back; nothing can be asked afterwards. */
  close(): Promise<void>;
}

/**
 * Opens a model's .safetensors file in a page or a web worker, which then needs nothing else. It computes on the calling
 * thread: a model that takes more than some milliseconds a picture belongs into a worker.
 *
 * @throws FoveaError when the file is no model or the kernels do not load.
 */
export async function openClassifierFile(
  model: Blob | ArrayBuffer | Uint8Array,
  { kernels, name = 'the model' }: OpenClassifierFileOptions = {},
): Promise<ClassifierFile> {
  const classifier = readClassifier(await bytesOf(model), name);
  const bytes = kernels instanceof ArrayBuffer || ArrayBuffer.isView(kernels);
  const compiled = await (bytes ? WebAssembly.compile(kernels) : fetchKernels(kernelsAddress(kernels)));
  const engine = await createWasmEngine({ loadKernels: async () => compiled }, { threads: 1 });
  const session = await openClassifier(engine, classifier, 1);
  const { classNames, calibration } = classifier;
  const input = classifier.model.input;
  let last: Promise<unknown> = Promise.resolve();
  return {
    classNames,
    input,
    threshold: calibration?.rejection?.threshold,
    classify(source, top = 3) {
      if (!Number.isInteger(top) || top < 1) throw invalid('a whole number from 1 on', "'top'", top);
      const picture = readPicture(source, input[2] as 1 | 3);
      const next = last.then(async () => {
        const [all] = await session.classify([await picture], top);
        return { top: all, unknown: isUnknown(calibration, all[0].probability) };
      });
      last = next.catch(() => undefined);
      return next;
    },
    close: () => engine.dispose(),
  };
}

function kernelsAddress(address: string | URL | undefined): URL {
  // Written out in one expression: so bundlers see the file and take it along.
  if (address === undefined) return new URL('../kernels/kernels-classify.wasm', import.meta.url);
  try {
    return new URL(address, location.href);
  } catch {
    throw invalid('the address of the kernels', "'kernels'", String(address));
  }
}

async function bytesOf(model: Blob | ArrayBuffer | Uint8Array): Promise<Uint8Array> {
  if (model instanceof Uint8Array) return model;
  return new Uint8Array(model instanceof Blob ? await model.arrayBuffer() : model);
}
