import { describe, expect, it } from 'vitest';
import { positivePanel, signedPanel } from '../panel.ts';
import { diverging, viridis } from './colours.ts';
import { drawPanel, drawSheet } from './draw.ts';

describe('colours', () => {
  it('white marks 0, blue what is below it, orange what is above', () => {
    expect(diverging(0)).toEqual([255, 255, 255]);
    const [below, above] = [diverging(-0.6), diverging(0.6)];
    expect(below[2]).toBeGreaterThan(below[0]);
    expect(above[0]).toBeGreaterThan(above[2]);
  });

  it('viridis grows brighter with every step', () => {
    const brightness = Array.from({ length: 50 }, (_, i) => viridis(i / 49)).map(
      ([r, g, b]) => 0.2 * r + 0.7 * g + 0.1 * b,
    );
    expect(brightness).toEqual(brightness.toSorted((a, b) => a - b));
  });
});

describe('panels', () => {
  const values = Float32Array.of(-1, 0, 0.5, 2);
  const map = { title: 'map', height: 2, width: 2, values };

  it('draws each value in a block of its own', () => {
    const drawn = drawPanel(signedPanel(map), 3);
    expect([drawn.height, drawn.width]).toEqual([6, 6]);
    expect([...drawn.data.subarray(9, 12)]).toEqual([255, 255, 255]);
  });

  it('lays a heatmap over the picture, at the picture’s size', () => {
    const over = { height: 4, width: 6, channels: 1 as const, data: new Uint8Array(24).fill(100) };
    const drawn = drawPanel(positivePanel(map, { over }), 2);
    expect([drawn.height, drawn.width]).toEqual([8, 12]);
  });

  it('a map that is 0 everywhere or holds NaN is drawn as well', () => {
    drawPanel(signedPanel({ ...map, values: new Float32Array(4) }));
    expect([
      ...drawPanel(positivePanel({ ...map, values: new Float32Array(4).fill(Number.NaN) })).data.subarray(0, 3),
    ]).toEqual([255, 0, 255]);
  });

  it('a sheet holds all panels', () => {
    const { height, width } = drawSheet(
      Array.from({ length: 30 }, () => signedPanel(map)),
      100,
    );
    expect(width).toBeLessThanOrEqual(1200);
    expect(height).toBeGreaterThan(200);
  });
});
