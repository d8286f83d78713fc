import sharp from 'sharp';
import type { Picture } from '../core/image/picture.ts';

/** What is used of libheif-js, a decoder that a person may install; Fovea itself does not depend on it. */
export interface Heif {
  readonly HeifDecoder: new () => { decode(bytes: Uint8Array): readonly HeifImage[] };
  /** All pixels of a picture, turned upright; a `code` where it fails. Its own `display` would fail beside the promise. */
  heif_js_decode_image2(handle: unknown, colours: unknown, form: unknown): HeifDecoded | Promise<HeifDecoded>;
  heif_image_release(image: unknown): void;
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown };
}

interface HeifImage {
  readonly handle: unknown;
  get_width(): number;
  get_height(): number;
  /** A file may hold several; the one that it is opened for. */
  is_primary?(): boolean;
  free?(): void;
}

interface HeifDecoded {
  readonly code?: unknown;
  readonly image?: unknown;
  /** One, of red, green, blue and alpha in turn; `stride` is the bytes of a row. */
  readonly channels?: readonly { readonly stride: number; readonly width: number; readonly data: Uint8Array }[];
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

/** The primary picture of a HEIC file, not yet decoded. */
export interface HeicPicture {
  readonly width: number;
  readonly height: number;
  /** Decodes, transparency over `background`. @throws Error when the file is damaged. */
  decode(background: string): Promise<Picture>;
  free(): void;
}

/** Reads the head of a HEIC file, so that its size can be judged before its pixels. @throws Error when it holds no picture. */
export function openHeic(heif: Heif, bytes: Uint8Array): HeicPicture {
  const images = silently(() => new heif.HeifDecoder().decode(bytes));
  const image = images.find((one) => one.is_primary?.()) ?? images[0];
  for (const other of images) if (other !== image) other.free?.();
  if (!image) throw new Error('no picture in it');
  const [width, height] = [image.get_width(), image.get_height()];
  return {
    width,
    height,
    async decode(background) {
      const { heif_colorspace_RGB: colours } = heif.heif_colorspace;
      const { heif_chroma_interleaved_RGBA: form } = heif.heif_chroma;
      const decoded = await heif.heif_js_decode_image2(image.handle, colours, form);
      const channel = decoded?.code ? undefined : decoded?.channels?.[0];
      if (!channel || channel.width !== width || channel.data.length < channel.stride * (height - 1) + 4 * width)
        throw new Error('its pixels cannot be decoded');
      const rgba = new Uint8Array(width * height * 4);
      for (let y = 0; y < height; y++) {
        const from = y * channel.stride;
        rgba.set(channel.data.subarray(from, from + 4 * width), 4 * y * width);
      }
      heif.heif_image_release(decoded.image);
      const { data } = await sharp(rgba, { raw: { width, height, channels: 4 } })
        .flatten({ background })
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { width, height, channels: 3, data };
    },
    free: () => image.free?.(),
  };
}

/** libheif-js tells of damaged files by console.log, in the middle of what a command prints. Nothing else runs meanwhile. */
function silently<T>(work: () => T): T {
  const { log } = console;
  console.log = () => undefined;
  try {
    return work();
  } finally {
    console.log = log;
  }
}
