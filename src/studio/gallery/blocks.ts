/** Small square pictures one after the other: RGBA, 8 bits each, [count, side, side, 4]. */
export interface PictureBlock {
  readonly count: number;
  readonly side: number;
  readonly pixels: Uint8Array;
}

/** A block as an image: its pictures in columns of `perColumn`. */
export interface BlockImage {
  readonly image: CanvasImageSource;
  readonly side: number;
  readonly perRow: number;
  /** What its pixels take. */
  readonly bytes: number;
}

export interface Blocks {
  /** The image of a block; undefined while it is on its way, and then it is asked for. */
  get(block: number): BlockImage | undefined;
  /** Those that should come next, the nearest first; others that were asked for are given up. */
  want(blocks: readonly number[]): void;
  close(): void;
}

/** Bytes of pixels that are kept as images: some thirty screens of pictures of 64x64 pixels. */
const room = 64 * 2 ** 20;
const atOnce = 4;

/**
 * Blocks of pictures as they are needed. @param load fetches one. @param arrived called when one can be drawn, or failed.
 */
export function createBlocks(
  load: (block: number, signal: AbortSignal) => Promise<PictureBlock>,
  arrived: (failure?: Error) => void,
): Blocks {
  const images = new Map<number, BlockImage>();
  let held = 0;
  const loading = new Map<number, AbortController>();
  const failed = new Set<number>();
  let wanted: readonly number[] = [];

  const begin = (): void => {
    for (const block of wanted) {
      if (loading.size >= atOnce) return;
      if (images.has(block) || loading.has(block) || failed.has(block)) continue;
      const control = new AbortController();
      loading.set(block, control);
      load(block, control.signal)
        .then(toImage)
        .then((image) => {
          if (control.signal.aborted) return;
          images.set(block, image);
          held += image.bytes;
          for (const [number, { bytes }] of images) {
            if (held <= room) break;
            images.delete(number);
            held -= bytes;
          }
          arrived();
        })
        .catch((error: Error) => {
          if (control.signal.aborted) return;
          failed.add(block);
          arrived(error);
        })
        .finally(() => {
          loading.delete(block);
          begin();
        });
    }
  };
  return {
    get(block) {
      const image = images.get(block);
      if (image) {
        // The newest last, for what is thrown away is the oldest.
        images.delete(block);
        images.set(block, image);
      }
      return image;
    },
    want(blocks) {
      wanted = blocks;
      for (const [block, control] of loading) if (!blocks.includes(block)) control.abort();
      begin();
    },
    close() {
      wanted = [];
      for (const control of loading.values()) control.abort();
      images.clear();
      held = 0;
    },
  };
}

/** Pixels as they came, spread over one canvas, as square as may be: canvases have a largest height. */
export function toImage({ count, side, pixels }: PictureBlock): BlockImage {
  const perRow = Math.max(1, Math.ceil(Math.sqrt(count)));
  const canvas = document.createElement('canvas');
  canvas.width = perRow * side;
  canvas.height = Math.max(1, Math.ceil(count / perRow)) * side;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const bytes = 4 * side * side;
  for (let i = 0; i < count; i++) {
    const picture = new Uint8ClampedArray(pixels.slice(i * bytes, (i + 1) * bytes).buffer);
    context.putImageData(new ImageData(picture, side, side), (i % perRow) * side, Math.floor(i / perRow) * side);
  }
  return { image: canvas, side, perRow, bytes: 4 * canvas.width * canvas.height };
}
