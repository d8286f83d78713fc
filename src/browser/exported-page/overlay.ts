import { viridis } from '../../core/explain/draw/colours.ts';
import { enlarge } from '../../core/explain/enlarge.ts';
import type { Heatmap } from '../../core/explain/heatmap.ts';
import { rangeOf } from '../../core/explain/panel.ts';
import type { HeatmapAnswer } from './messages.ts';

/** The longer side of what is laid over a picture, in pixels: fine enough that no step is seen. */
const side = 192;
/** How much of the picture the largest value covers. */
const cover = 0.75;

/** A heatmap as colours: the more a place speaks for the class, the brighter and the denser. */
export function overlayOf(map: Heatmap): HeatmapAnswer {
  const { high } = rangeOf(map.values);
  const scale = side / Math.max(map.height, map.width);
  const [height, width] = [map.height, map.width].map((size) => Math.max(1, Math.round(size * scale)));
  const rgba = new Uint8ClampedArray(width * height * 4);
  enlarge(map, height, width).forEach((value, i) => {
    const share = high > 0 ? Math.max(0, value / high) : 0;
    rgba.set([...viridis(share), Math.round(255 * cover * Math.sqrt(share))], 4 * i);
  });
  return { method: map.method, empty: !(high > 0), overlay: { width, height, rgba } };
}
