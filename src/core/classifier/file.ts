import { z } from 'zod';
import { FoveaError, invalid, mismatch, show } from '../errors.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import { fitModes } from '../image/fit.ts';
import { testTimeAugmentations } from '../image/test-time-augmentation.ts';
import { parseModelSpec } from '../model/spec.ts';
import { algorithms } from '../plan/lowering.ts';
import { parseJson } from '../train/check.ts';
import type { FileTensor } from '../train/state.ts';
import { calibrationSchema } from './calibration.ts';
import { type Classifier, createClassifier } from './classifier.ts';

const format = 'fovea-classifier-1';
/** Origins are told under these keys, each as JSON; others are not read. */
const originKeys = ['recipe', 'data', 'metrics', 'fovea', 'onnx'] as const;

const preprocessingSchema = z.object({
  fit: z.enum(fitModes),
  mean: z.array(z.number()).max(3),
  std: z.array(z.number()).max(3),
});
const algorithmSchema = z.enum(algorithms);
const testTimeAugmentationSchema = z.enum(testTimeAugmentations);
const classNamesSchema = z.array(z.string()).min(2);

/** A classifier as one .safetensors file: see docs/model-file.md. */
export function writeClassifier({
  model,
  weights,
  classNames,
  preprocessing,
  algorithm,
  testTimeAugmentation,
  calibration,
  origin,
}: Classifier): Uint8Array {
  const metadata: Record<string, string> = {
    'fovea.format': format,
    'fovea.spec': JSON.stringify(model),
    'fovea.classes': JSON.stringify(classNames),
    'fovea.preprocessing': JSON.stringify(preprocessing),
  };
  if (algorithm !== undefined) metadata['fovea.algorithm'] = JSON.stringify(algorithm);
  if (testTimeAugmentation !== undefined) {
    metadata['fovea.testTimeAugmentation'] = JSON.stringify(testTimeAugmentation);
  }
  if (calibration !== undefined) metadata['fovea.calibration'] = JSON.stringify(calibration);
  for (const key of originKeys) if (origin[key] !== undefined) metadata[`fovea.${key}`] = JSON.stringify(origin[key]);
  return writeSafetensors(weights, metadata);
}

/**
 * Reads what `writeClassifier` wrote, trusting nothing. @param file its name, for errors.
 * @throws FoveaError for a file that is cut short, of another kind, or whose parts do not fit each other.
 */
export function readClassifier(bytes: Uint8Array, file: string): Classifier {
  try {
    return parseClassifier(bytes, file);
  } catch (error) {
    // Errors of layers and options name those; whoever reads them needs the file as well.
    if (!(error instanceof FoveaError) || error.message.includes(file)) throw error;
    throw new FoveaError(`Cannot use file '${file}': ${error.message}`);
  }
}

function parseClassifier(bytes: Uint8Array, file: string): Classifier {
  const { tensors, metadata } = readSafetensors(bytes, file);
  const subject = `file '${file}'`;
  if (metadata['fovea.format'] !== format) {
    const mend = metadata['fovea.format'] === undefined ? 'It holds weights alone; Fovea wrote no model into it' : '';
    const found = metadata['fovea.format'];
    throw mismatch(`a classifier (${format})`, subject, found === undefined ? 'other tensors' : show(found), mend);
  }
  const text = (key: string): string => {
    const value = metadata[`fovea.${key}`];
    if (value === undefined) throw invalid(`metadata 'fovea.${key}'`, subject, undefined);
    return value;
  };
  const model = parseModelSpec(parseJson(z.unknown(), text('spec'), `${subject}, 'fovea.spec'`), subject);
  const classNames = parseJson(classNamesSchema, text('classes'), `${subject}, 'fovea.classes'`);
  const preprocessing = parseJson(preprocessingSchema, text('preprocessing'), `${subject}, 'fovea.preprocessing'`);
  const optional = <T>(key: string, schema: z.ZodType<T>): T | undefined => {
    const value = metadata[`fovea.${key}`];
    return value === undefined ? undefined : parseJson(schema, value, `${subject}, 'fovea.${key}'`);
  };
  const algorithm = optional('algorithm', algorithmSchema);
  const testTimeAugmentation = optional('testTimeAugmentation', testTimeAugmentationSchema);
  const calibration = optional('calibration', calibrationSchema);
  const weights = new Map<string, FileTensor>();
  for (const [name, { shape, data, dtype }] of tensors) {
    if (!(data instanceof Float32Array)) throw invalid('F32', `tensor '${name}' in ${subject}`, dtype);
    weights.set(name, { shape, data });
  }
  const origin: Record<string, unknown> = {};
  for (const key of originKeys) {
    const value = optional(key, z.unknown());
    if (value !== undefined) origin[key] = value;
  }
  return createClassifier(
    { model, weights, classNames, preprocessing, algorithm, testTimeAugmentation, calibration, origin },
    subject,
  );
}
