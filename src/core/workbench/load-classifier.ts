import type { Classifier } from '../classifier/classifier.ts';
import { readClassifier } from '../classifier/file.ts';
import { mismatch } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import { kindBytes, kindOf } from '../image/kind.ts';
import type { Adapters } from './adapters.ts';
import { openRunFolder } from './run-folder.ts';
import type { VerbOptions } from './verb.ts';

/** A run's best classifier, or that of a file (.safetensors, .onnx). @throws FoveaError when there is none or it cannot be read. */
export async function loadClassifier(
  { storage }: Adapters,
  run: string,
  onEvent?: VerbOptions['onEvent'],
): Promise<Classifier> {
  if ((await storage.kind(run)) !== 'file') return openRunFolder(storage, run).readClassifier();
  const bytes = await storage.read(run);
  const kind = kindOf(bytes.subarray(0, kindBytes));
  if (kind.picture) {
    const mend = 'The run comes first, then the pictures';
    throw mismatch("a run's folder or a model's file", quotePath(run), `a ${kind.name} picture`, mend);
  }
  if (!run.toLowerCase().endsWith('.onnx')) return readClassifier(bytes, run);
  // Only who has an ONNX file loads what reads it.
  const { importOnnx } = await import('../import/onnx/import-onnx.ts');
  const { classifier, notes } = importOnnx(bytes, run);
  for (const text of notes) onEvent?.({ kind: 'note', text });
  return classifier;
}
