import type { Classifier } from '../classifier/classifier.ts';
import { invalid, mismatch } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import { sha256 } from '../formats/sha256.ts';
import type { Adapters } from './adapters.ts';
import { type ExportTarget, exportTargets } from './export-targets.ts';
import { baseName, exportWays, type WayOut } from './export-ways.ts';
import { loadClassifier } from './load-classifier.ts';
import { note } from './notes.ts';
import { engineLogits, judge, type Proof, proofPictures } from './prove.ts';
import { asGiven } from './run-onnx.ts';
import type { VerbOptions } from './verb.ts';

export interface ExportRequest {
  /** A run's folder, or a model's file. */
  readonly run: string;
  readonly to: ExportTarget;
  /** The file to write; for `node`, the folder. */
  readonly out: string;
  /** ONNX: take pixels, uint8 [n, height, width, channels]. */
  readonly withPreprocessing?: boolean;
  /** ONNX: give probabilities. */
  readonly softmax?: boolean;
  /** Pictures to prove it on; default: built-in ones. */
  readonly data?: string;
  readonly threads?: number;
  /** Node: a packed file of Fovea (`npm pack`) to go along; default: npm gets it from the registry. */
  readonly package?: string;
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
  const kind = await storage.kind(out);
  if (kind !== undefined && (kind === 'folder') !== (exportTargets[to] === '')) {
    const expected = kind === 'folder' ? 'a file to write' : 'a folder';
    throw mismatch(expected, "option 'out'", `the ${kind} ${quotePath(out)}`, 'Choose another name');
  }
  if (to !== 'node' && request.package !== undefined) {
    throw mismatch('target node', "option 'package'", to, 'Leave it out');
  }
  if (to !== 'onnx' && (request.withPreprocessing || request.softmax)) {
    throw mismatch('target onnx', "options 'with-preprocessing' and 'softmax'", to, 'Leave them out');
  }
  const classifier = await loadClassifier(adapters, run, onEvent);
  const made = await exportWays[to](adapters, classifier, request);
  if (made.network && classifier.testTimeAugmentation) onEvent?.(note('network-alone', {}));
  // What would be replaced beside the named file, or in the named folder, nobody asked for.
  for (const [path, content] of made.folder ? made.files : made.files.slice(1)) {
    if ((await storage.kind(path)) === undefined || sameBytes(await storage.read(path), content)) continue;
    const mend = 'Choose another name for --out, or move that file';
    const what = made.folder ? `the folder's ${quotePath(path)}` : `the weights ${quotePath(path)}`;
    throw mismatch('no other file', what, 'one with another content', mend);
  }
  const proof = await prove(adapters, classifier, made, request, signal);
  signal?.throwIfAborted();
  if (made.folder) await storage.makeFolder(out);
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
  const recordFile = made.folder ? storage.join(out, 'proof.json') : `${out}.proof.json`;
  await storage.write(recordFile, `${JSON.stringify(record, null, 2)}\n`);
  return {
    to,
    files: [...made.files.map(([path]) => path), recordFile],
    bytes: made.files.reduce((sum, [, content]) => sum + content.length, 0),
    proof,
  };
}

async function prove(
  adapters: Adapters,
  classifier: Classifier,
  made: WayOut,
  request: ExportRequest,
  signal: AbortSignal | undefined,
): Promise<Proof> {
  const pictures = await proofPictures(adapters, classifier, request.data, signal);
  const ran = await made.run(pictures, signal);
  if ('missing' in ran) return { proved: false, why: ran.missing };
  const classes = classifier.classNames.length;
  const told = made.network ? { ...classifier, testTimeAugmentation: undefined } : classifier;
  const logits = await engineLogits(adapters, told, pictures.pictures, request.threads);
  const expected = asGiven(logits, classes, made.gives);
  return judge(`the exported ${quotePath(request.out)}`, expected, ran, pictures, classes);
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
