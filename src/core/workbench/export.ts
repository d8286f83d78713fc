import type { Classifier } from '../classifier/classifier.ts';
import { readClassifier, writeClassifier } from '../classifier/file.ts';
import { invalid, mismatch } from '../errors.ts';
import { exportOnnx, onnxNames } from '../export/onnx/export-onnx.ts';
import { pixelsOf } from '../export/pictures.ts';
import { exportPytorch } from '../export/pytorch/export-pytorch.ts';
import { quotePath } from '../formats/quote.ts';
import { sha256 } from '../formats/sha256.ts';
import type { Adapters } from './adapters.ts';
import { type ExportTarget, exportTargets } from './export-targets.ts';
import { loadClassifier } from './load-classifier.ts';
import { engineLogits, judge, type Proof, type ProofPictures, proofPictures, type RunElsewhere } from './prove.ts';
import { asGiven, type OnnxUse, runOnnx } from './run-onnx.ts';
import type { VerbOptions } from './train.ts';

export interface ExportRequest {
  /** A run's folder, or a model's file. */
  readonly run: string;
  readonly to: ExportTarget;
  /** The file to write. */
  readonly out: string;
  /** ONNX: take pixels, uint8 [n, height, width, channels]. */
  readonly withPreprocessing?: boolean;
  /** ONNX: give probabilities. */
  readonly softmax?: boolean;
  /** Pictures to prove it on; default: built-in ones. */
  readonly data?: string;
  readonly threads?: number;
}

export interface ExportOutcome {
  readonly to: ExportTarget;
  /** All files that were written; the last is the record of the proof. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly proof: Proof;
}

/**
 * Writes a model for other programs, after it was run there (where such a program is at hand) and gave the same. What
 * came of that is written beside it as FILE.proof.json.
 *
 * @throws FoveaError when it gives anything else, and then writes nothing.
 */
export async function exportModel(
  adapters: Adapters,
  request: ExportRequest,
  { signal, onEvent }: VerbOptions = {},
): Promise<ExportOutcome> {
  const { run, to, out } = request;
  const { storage } = adapters;
  if (!out.toLowerCase().endsWith(exportTargets[to])) {
    throw invalid(`a file name that ends in ${exportTargets[to]}`, "option 'out'", out);
  }
  if (to !== 'onnx' && (request.withPreprocessing || request.softmax)) {
    throw mismatch('target onnx', "options 'with-preprocessing' and 'softmax'", to, 'Leave them out');
  }
  const classifier = await loadClassifier(adapters, run, onEvent);
  const made = make(classifier, request);
  // What would be replaced beside the named file, nobody asked for.
  for (const [path, content] of made.files.slice(1)) {
    if ((await storage.kind(path)) === undefined || sameBytes(await storage.read(path), content)) continue;
    const mend = 'Choose another name for --out, or move that file';
    throw mismatch('no other file', `the weights ${quotePath(path)}`, 'one with another content', mend);
  }
  const proof = await prove(adapters, classifier, made, request, signal);
  signal?.throwIfAborted();
  for (const [path, content] of made.files) await storage.write(path, content);
  const record = {
    format: 'fovea-proof',
    version: 1,
    at: adapters.now(),
    to,
    ...(to === 'onnx'
      ? { withPreprocessing: request.withPreprocessing === true, softmax: request.softmax === true }
      : {}),
    files: await Promise.all(
      made.files.map(async ([path, content]) => ({ name: baseName(path), sha256: await sha256(content) })),
    ),
    ...proof,
  };
  const recordFile = `${out}.proof.json`;
  await storage.write(recordFile, `${JSON.stringify(record, null, 2)}\n`);
  return {
    to,
    files: [...made.files.map(([path]) => path), recordFile],
    bytes: made.files.reduce((sum, [, content]) => sum + content.length, 0),
    proof,
  };
}

interface Made {
  readonly gives: OnnxUse['gives'];
  /** Path and content, the one that was asked for first. */
  readonly files: readonly (readonly [path: string, content: Uint8Array])[];
  /** Runs it on pictures. @returns logits, or probabilities. */
  run(adapters: Adapters, pictures: ProofPictures, signal: AbortSignal | undefined): Promise<RunElsewhere>;
}

function make(classifier: Classifier, request: ExportRequest): Made {
  const { out } = request;
  switch (request.to) {
    case 'onnx': {
      const bytes = exportOnnx(classifier, request);
      const gives = request.softmax ? 'probabilities' : 'logits';
      const use: OnnxUse = {
        names: onnxNames(request),
        gives,
        type: request.withPreprocessing ? 'uint8' : 'float32',
        layout: request.withPreprocessing ? 'nhwc' : 'nchw',
        normalisation: classifier.preprocessing,
      };
      return { gives, files: [[out, bytes]], run: (adapters, pictures) => runOnnx(adapters, bytes, use, pictures) };
    }
    case 'safetensors': {
      const bytes = writeClassifier(classifier);
      return {
        gives: 'logits',
        files: [[out, bytes]],
        run: async (adapters, { pictures }) => ({
          runtime: "Fovea's own reader and engine",
          values: await engineLogits(adapters, readClassifier(bytes, out), pictures, request.threads),
        }),
      };
    }
    case 'pytorch': {
      const weightsFile = out.replace(/\.py$/i, '.safetensors');
      const { source, weights } = exportPytorch(classifier, baseName(weightsFile));
      const code = new TextEncoder().encode(source);
      const files = { code, weights, weightsFile: baseName(weightsFile) };
      return {
        gives: 'logits',
        files: [
          [out, code],
          [weightsFile, weights],
        ],
        run: async (adapters, { pictures }, signal) =>
          (await adapters.runPytorch?.(files, pixelsOf(pictures), pictures.length, signal)) ?? {
            missing: 'PyTorch cannot be run here',
          },
      };
    }
  }
}

async function prove(
  adapters: Adapters,
  classifier: Classifier,
  made: Made,
  request: ExportRequest,
  signal: AbortSignal | undefined,
): Promise<Proof> {
  const pictures = await proofPictures(adapters, classifier, request.data, signal);
  const ran = await made.run(adapters, pictures, signal);
  if ('missing' in ran) return { proved: false, why: ran.missing };
  const classes = classifier.classNames.length;
  const logits = await engineLogits(adapters, classifier, pictures.pictures, request.threads);
  const expected = asGiven(logits, classes, made.gives);
  return judge(`the exported ${quotePath(request.out)}`, expected, ran, pictures, classes);
}

/** The name after the last folder, on any system. */
export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
