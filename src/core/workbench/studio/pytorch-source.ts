import { createClassifier } from '../../classifier/classifier.ts';
import { exportPytorch } from '../../export/pytorch/export-pytorch.ts';
import { buildModel } from '../../model/build.ts';
import type { ModelSpec } from '../../model/spec.ts';
import { sizeOf } from '../../shape.ts';

/**
 * A model that has no weights yet as PyTorch source: as the trained one would be exported, with the name of a file of
 * weights that is still to come. @throws FoveaError for a layer that PyTorch has no form for.
 */
export function pytorchOf(model: ModelSpec): string {
  const channels = model.input[2];
  const { parameters } = buildModel(model, { training: false, inputType: 'float32' });
  const weights = new Map(
    parameters.map(({ name, fileShape }) => [name, { shape: fileShape, data: new Float32Array(sizeOf(fileShape)) }]),
  );
  const classifier = createClassifier({
    model,
    weights,
    classNames: Array.from({ length: model.classes }, (_, i) => `class ${i + 1}`),
    preprocessing: { fit: 'stretch', mean: Array(channels).fill(0), std: Array(channels).fill(1) },
    origin: {},
  });
  return exportPytorch(classifier, 'model.safetensors').source;
}
