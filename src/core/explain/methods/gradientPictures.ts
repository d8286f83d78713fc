import { type Panel, positivePanel, signedPanel } from '../panel.ts';
import type { Explainer, PreparedPicture } from '../session.ts';
import type { Explanation } from './method.ts';

/** The largest size over the channels of each pixel, as Simonyan et al. draw a gradient. */
export function sizeOfPixels(gradient: Float32Array, channels: number): Float32Array {
  const values = new Float32Array(gradient.length / channels);
  for (let i = 0; i < gradient.length; i++) {
    const pixel = Math.floor(i / channels);
    values[pixel] = Math.max(values[pixel], Math.abs(gradient[i]));
  }
  return values;
}

/** The sum over the channels of each pixel. */
export function sumOfPixels(gradient: Float32Array, channels: number): Float32Array {
  const values = new Float32Array(gradient.length / channels);
  for (let i = 0; i < gradient.length; i++) values[Math.floor(i / channels)] += gradient[i];
  return values;
}

/**
 * An attribution to each number of the picture, drawn as one map.
 * @param signed whether its sign means for and against the class, and it adds up; else only its size is drawn.
 */
export function attribution(
  explainer: Explainer,
  picture: PreparedPicture,
  target: number,
  values: Float32Array,
  { title, signed }: { readonly title: string; readonly signed: boolean },
): Pick<Explanation, 'panels' | 'target'> & { readonly name: string; readonly pixels: Float32Array } {
  const { height, width, channels } = picture.picture;
  const name = explainer.classifier.classNames[target];
  const pixels = signed ? sumOfPixels(values, channels) : sizeOfPixels(values, channels);
  const map = { title: `${title} for ${name}`, height, width, values: pixels };
  const panels: Panel[] = [signed ? signedPanel(map) : positivePanel(map)];
  return { panels, target, name, pixels };
}
