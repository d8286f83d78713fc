import { type ReactNode, useEffect, useRef } from 'react';

interface RgbPictureProps {
  readonly width: number;
  readonly height: number;
  /** RGB, or grey where there is one channel: [height, width, channels], 8 bits each. */
  readonly pixels: Uint8Array;
  readonly channels?: number;
  readonly label: string;
  /** Shown so large, in CSS pixels; default as wide as its place. */
  readonly side?: number;
}

/** Pixels as they are, each a sharp square where they are few. */
export function RgbPicture({ width, height, pixels, channels = 3, label, side }: RgbPictureProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const data = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) data.data[4 * i + c] = pixels[channels * i + Math.min(c, channels - 1)];
      data.data[4 * i + 3] = 255;
    }
    context.putImageData(data, 0, 0);
  }, [width, height, pixels, channels]);
  return (
    <canvas
      ref={canvas}
      className={width < 128 ? 'picture pixelated' : 'picture'}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      style={side ? { width: side } : undefined}
    />
  );
}
