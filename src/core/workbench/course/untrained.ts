import { type Classifier, createClassifier } from '../../classifier/classifier.ts';
import { buildModel } from '../../model/build.ts';
import { initialValues } from '../../model/initialize.ts';
import { adapt, type ModelDraft } from '../../model/spec.ts';
import type { Shape } from '../../shape.ts';

/**
 * A network as it is before training: initial weights, pixels from 0 to 1. For what follows from the layers alone,
 * whatever the weights are. @param input [height, width, channels].
 */
export function untrained(draft: ModelDraft, input: Shape, seed: number, classes = 10): Classifier {
  const model = adapt(draft, { input, classes });
  const channels = input[2];
  const preprocessing = {
    mean: new Array<number>(channels).fill(0),
    std: new Array<number>(channels).fill(1),
    fit: 'stretch' as const,
  };
  const { parameters } = buildModel(model, { training: false, inputType: 'uint8', preprocessing });
  const weights = new Map(
    parameters.map((one) => [one.name, { shape: one.fileShape, data: initialValues(one, seed) }] as const),
  );
  return createClassifier({
    model,
    weights,
    classNames: Array.from({ length: classes }, (_, i) => String(i)),
    preprocessing,
  });
}
