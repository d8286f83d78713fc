import { fieldsOf } from '../model/summary.ts';
import type { Box } from './panel.ts';
import type { Explainer } from './session.ts';

/** The pixels that place (y, x) of a layer's map sees, edges taken into account. */
export function boxOf(explainer: Explainer, layer: string, y: number, x: number): Box | undefined {
  const field = fieldsOf(explainer.network.model, explainer.classifier.model.input).get(layer);
  if (!field) return undefined;
  const [down, right] = field.axes;
  // Where all is seen at once there is one span for every place.
  const [top, bottom] = down.spans[Math.min(y, down.spans.length - 1)];
  const [left, end] = right.spans[Math.min(x, right.spans.length - 1)];
  return bottom < top || end < left ? undefined : { top, left, bottom, right: end };
}
