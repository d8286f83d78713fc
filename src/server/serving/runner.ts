import type { Classifier } from '../../core/classifier/classifier.ts';
import { openClassifier, preparePicture } from '../../core/classifier/classify.ts';
import { FoveaError } from '../../core/errors.ts';
import { exportOnnx, onnxNames } from '../../core/export/onnx/export-onnx.ts';
import { inputTensor, type PictureInput } from '../../core/export/pictures.ts';
import type { Picture } from '../../core/image/picture.ts';
import type { Adapters } from '../../core/workbench/adapters.ts';

/** What computes logits: the project's engine, or onnxruntime where it is installed. */
export const engines = ['fovea', 'onnx'] as const;
export type EngineName = (typeof engines)[number];

/** A model that is loaded and computes. */
export interface Runner {
  /** What computes, for people: `fovea` or `onnxruntime 1.30.0`. */
  readonly engine: string;
  /** Pictures of any size; [pictures, classes]. @throws when the engine is dead: it must be replaced. */
  logits(pictures: readonly Picture[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** @param capacity pictures a run. @throws FoveaError where the engine is not there or the model does not fit. */
export async function createRunner(
  adapters: Adapters,
  classifier: Classifier,
  { engine, threads, capacity }: { readonly engine: EngineName; readonly threads?: number; readonly capacity: number },
): Promise<Runner> {
  return engine === 'onnx' ? onnxRunner(adapters, classifier) : engineRunner(adapters, classifier, threads, capacity);
}

async function engineRunner(
  adapters: Adapters,
  classifier: Classifier,
  threads: number | undefined,
  capacity: number,
): Promise<Runner> {
  const engine = await adapters.createEngine({ threads });
  try {
    const session = await openClassifier(engine, classifier, capacity);
    return { engine: 'fovea', logits: (pictures) => session.logits(pictures), dispose: () => engine.dispose() };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

async function onnxRunner(adapters: Adapters, classifier: Classifier): Promise<Runner> {
  const names = onnxNames({});
  const opened = await adapters.openOnnx?.(exportOnnx(classifier));
  if (!opened || 'missing' in opened) {
    throw new FoveaError(
      `Expected onnxruntime for option 'engine' but received none: ${opened?.missing ?? 'it does not run here'}`,
      'Leave --engine out to compute with Fovea',
    );
  }
  const input: PictureInput = { type: 'float32', layout: 'nchw', normalisation: classifier.preprocessing };
  return {
    engine: opened.runtime,
    logits: (pictures) => {
      const prepared = pictures.map((picture) => preparePicture(classifier, picture));
      return opened.run(inputTensor(prepared, input), names);
    },
    dispose: () => opened.close(),
  };
}
