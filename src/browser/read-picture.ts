import type { Picture } from '../core/image/picture.ts';
import { pageCodec } from './page/page-codec.ts';
import { pictureShown } from './picture-of.ts';

/** Pixels of whatever shows some. @throws FoveaError for a file that is no picture. */
export async function readPicture(source: ImageBitmapSource | Picture, channels: 1 | 3): Promise<Picture> {
  if (source instanceof Blob) {
    const subject = source instanceof File ? source.name : 'the picture';
    return pageCodec.decode(new Uint8Array(await source.arrayBuffer()), { channels, subject });
  }
  return 'channels' in source ? source : pictureShown(source, channels);
}
