import { invalid } from '../errors.ts';
import { type FitMode, fitModes } from '../image/fit.ts';
import type { TestTimeAugmentation } from '../image/test-time-augmentation.ts';
import { buildModel, type Normalisation } from '../model/build.ts';
import type { ModelSpec } from '../model/spec.ts';
import { loadWeights } from '../model/weights.ts';
import type { Algorithm } from '../plan/lowering.ts';
import type { FileTensor } from '../train/state.ts';
import type { Calibration } from './calibration.ts';

/** How a picture of any size becomes the model's input; its size and channels are those of `ModelSpec.input`. */
export interface Preprocessing extends Normalisation {
  readonly fit: FitMode;
}

/**
 * A trained model that classifies pictures with nothing else at hand. As a file it is one .safetensors (see
 * `writeClassifier`).
 */
export interface Classifier {
  readonly model: ModelSpec;
  /** Parameters and running statistics by PyTorch's names, in PyTorch's layouts. */
  readonly weights: ReadonlyMap<string, FileTensor>;
  /** Logit i is for classNames[i]. */
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  /** Which kernels may compute, as in training: so the logits are those that were validated. Absent: 'auto'. */
  readonly algorithm?: Algorithm;
  /** Views whose logits are averaged, for each picture; absent: the picture as it is alone. */
  readonly testTimeAugmentation?: TestTimeAugmentation;
  /** How sure it may be, and when it says "unknown"; absent: probabilities are the bare softmax. */
  readonly calibration?: Calibration;
  /** Where it comes from: recipe, data, metrics. Only told, never needed. */
  readonly origin: Readonly<Record<string, unknown>>;
}

/**
 * Puts a classifier together and checks that its parts fit. @param source how errors name it: a file, or 'the classifier'.
 * @throws FoveaError naming the part that does not fit.
 */
export function createClassifier(
  parts: Omit<Classifier, 'origin'> & Partial<Classifier>,
  source = 'the classifier',
): Classifier {
  const { model, weights, classNames, preprocessing, origin = {} } = parts;
  const { algorithm, testTimeAugmentation, calibration } = parts;
  if (classNames.length !== model.classes) {
    throw invalid(`${model.classes} class names`, source, classNames.length);
  }
  const repeated = classNames.find((name, i) => classNames.indexOf(name) !== i);
  if (repeated !== undefined) throw invalid('class names that differ', source, `'${repeated}' twice`);
  const channels = model.input[2];
  const { mean, std, fit } = preprocessing;
  if (mean.length !== channels || std.length !== channels || !mean.every(Number.isFinite) || !std.every(isDivisor)) {
    throw invalid(`a mean and a std above 0 for each of ${channels} channels`, `${source}, preprocessing`, {
      mean,
      std,
    });
  }
  if (!fitModes.includes(fit)) throw invalid(`one of ${fitModes.join(', ')}`, `${source}, preprocessing 'fit'`, fit);
  const { parameters } = buildModel(model, { training: false, inputType: 'uint8', preprocessing });
  // Checks names and shapes against the model; what it would write goes nowhere.
  loadWeights(
    { readPersistent: () => new Float32Array(), writePersistent: () => undefined },
    parameters,
    weights,
    source,
  );
  return {
    model,
    weights,
    classNames,
    preprocessing,
    ...(algorithm === 'direct' ? { algorithm } : {}),
    ...(testTimeAugmentation ? { testTimeAugmentation } : {}),
    ...(calibration ? { calibration } : {}),
    origin,
  };
}

const isDivisor = (value: number): boolean => Number.isFinite(value) && value > 0;
