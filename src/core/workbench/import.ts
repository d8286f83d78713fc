import { writeClassifier } from '../classifier/file.ts';
import { invalid, mismatch } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import type { ImportOptions } from '../import/onnx/import-onnx.ts';
import type { Adapters } from './adapters.ts';
import { engineLogits, judge, type Proof, proofPictures } from './prove.ts';
import { asGiven, runOnnx } from './run-onnx.ts';
import type { VerbOptions } from './verb.ts';

export interface ImportRequest extends ImportOptions {
  /** A .onnx file. */
  readonly file: string;
  /** The .safetensors file to write. */
  readonly out: string;
  /** Pictures to prove it on; default: built-in ones. */
  readonly data?: string;
  readonly threads?: number;
}

export interface ImportOutcome {
  readonly out: string;
  readonly layers: number;
  readonly parameters: number;
  readonly input: readonly number[];
  readonly classNames: readonly string[];
  /** What was assumed. */
  readonly notes: readonly string[];
  /** Whether onnxruntime gives the same for the file as the engine for what it became. */
  readonly proof: Proof;
}

/** Reads an ONNX classifier and writes it as a model file of ours. @throws FoveaError naming what is not known. */
export async function importModel(
  adapters: Adapters,
  request: ImportRequest,
  { signal }: VerbOptions = {},
): Promise<ImportOutcome> {
  const { storage } = adapters;
  const { file, out, data, threads, ...options } = request;
  if (!out.toLowerCase().endsWith('.safetensors')) {
    throw invalid('a file name that ends in .safetensors', "option 'out'", out);
  }
  if ((await storage.kind(file)) === 'folder') throw mismatch('an ONNX file', quotePath(file), 'a folder');
  const bytes = await storage.read(file);
  // Only who needs it loads it.
  const { importOnnx } = await import('../import/onnx/import-onnx.ts');
  const { classifier, notes, use } = importOnnx(bytes, file, options);
  const pictures = await proofPictures(adapters, classifier, data, signal);
  const ran = await runOnnx(adapters, bytes, use, pictures);
  const classes = classifier.classNames.length;
  const logits =
    'missing' in ran ? new Float32Array(0) : await engineLogits(adapters, classifier, pictures.pictures, threads);
  const proof = judge(`the imported ${quotePath(file)}`, asGiven(logits, classes, use.gives), ran, pictures, classes);
  signal?.throwIfAborted();
  await storage.write(out, writeClassifier(classifier));
  const parameters = [...classifier.weights.values()].reduce((sum, { data: numbers }) => sum + numbers.length, 0);
  return {
    out,
    layers: classifier.model.layers.length,
    parameters,
    input: classifier.model.input,
    classNames: classifier.classNames,
    notes,
    proof,
  };
}
