import sharp from 'sharp';
import type { Picture } from '../core/image/picture.ts';

/** What is used of libheif-js, a decoder that a person may install; Fovea itself does not depend on it. */
export interface Heif {
  readonly HeifDecoder: new () => { decode(bytes: Uint8Array): readonly HeifImage[] };
}

interface HeifImage {
  get_width(): number;
  get_height(): number;
  /** Decodes into `data`, RGBA, turned upright; null where it fails. */
  display(into: HeifPixels, done: (pixels: HeifPixels | null) => void): void;
  free?(): void;
}

interface HeifPixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** In a variable, so that neither the compiler nor the bundler looks for it. */
const packageName = 'libheif-js/wasm-bundle.js';
let loading: Promise<Heif | undefined> | undefined;

/** libheif-js where it is installed beside Fovea; looked for once. */
export function installedHeif(): Promise<Heif | undefined> {
  loading ??= import(packageName).then(
    (module: { default?: Heif } & Partial<Heif>) => module.default ?? (module as Heif),
    () => undefined,
  );
  return loading;
}

/** The first picture of a HEIC file, not yet decoded. */
export interface HeicPicture {
  readonly width: number;
  readonly height: number;
  /** Decodes, transparency over `background`. @throws Error when the file is damaged. */
  decode(background: string): Promise<Picture>;
  free(): void;
}

/** Reads the head of a HEIC file, so that its size can be judged before its pixels. @throws Error when it holds no picture. */
export function openHeic(heif: Heif, bytes: Uint8Array): HeicPicture {
  const [image, ...others] = new heif.HeifDecoder().decode(bytes);
  for (const other of others) other.free?.();
  if (!image) throw new Error('no picture in it');
  const [width, height] = [image.get_width(), image.get_height()];
  return {
    width,
    height,
    async decode(background) {
      const into = { data: new Uint8ClampedArray(width * height * 4), width, height };
      const pixels = await new Promise<HeifPixels | null>((done) => image.display(into, done));
      if (!pixels) throw new Error('its pixels cannot be decoded');
      const { data } = await sharp(pixels.data, { raw: { width, height, channels: 4 } })
        .flatten({ background })
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { width, height, channels: 3, data };
    },
    free: () => image.free?.(),
  };
}
