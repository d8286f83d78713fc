/**
 * What a file is, by its first bytes and never by its name. `picture` kinds are those that Fovea decodes; for the rest
 * `name` says what it is, so that an error can name it.
 */
export interface Kind {
  readonly picture: boolean;
  readonly name: string;
  /** A HEIC picture, which is decoded where a decoder for it is installed. */
  readonly heic?: true;
}

/** Formats that Fovea decodes. */
export const pictureFormats = ['JPEG', 'PNG', 'WebP', 'GIF', 'TIFF', 'AVIF'] as const;

/** File name endings that make a file count as a picture (or as one that must be named when it is none). */
export const pictureEndings: ReadonlySet<string> = new Set(
  'jpg jpeg jpe jfif png apng webp gif tif tiff avif bmp dib heic heif ico jp2 j2k jxl ppm pgm pbm pnm svg tga psd'.split(
    ' ',
  ),
);

/** Bytes of the head that `kindOf` looks at. */
export const kindBytes = 512;

const picture = (name: (typeof pictureFormats)[number]): Kind => ({ picture: true, name });
const other = (name: string): Kind => ({ picture: false, name });

export function kindOf(head: Uint8Array): Kind {
  const text = latin1(head.subarray(0, kindBytes));
  const starts = (prefix: string): boolean => text.startsWith(prefix);
  if (head.length === 0) return other('an empty file');
  if (starts('\xff\xd8')) return picture('JPEG');
  if (starts('\x89PNG\r\n\x1a\n')) return picture('PNG');
  if (starts('RIFF') && text.slice(8, 12) === 'WEBP') return picture('WebP');
  if (starts('GIF87a') || starts('GIF89a')) return picture('GIF');
  if (starts('II*\0') || starts('MM\0*') || starts('II+\0') || starts('MM\0+')) return picture('TIFF');
  if (text.slice(4, 8) === 'ftyp') return isoMedia(text);
  if (starts('BM')) return other('a BMP picture');
  if (starts('\0\0\x01\0')) return other('an ICO icon');
  if (starts('\0\0\0\x0cjP  ') || starts('\xff\x4f\xff\x51')) return other('a JPEG 2000 picture');
  if (starts('\xff\x0a') || starts('\0\0\0\x0cJXL ')) return other('a JPEG XL picture');
  if (/^P[1-7]\s/.test(text)) return other('a PNM picture');
  if (starts('8BPS')) return other('a Photoshop file');
  if (starts('%PDF')) return other('a PDF file');
  if (starts('\x1f\x8b')) return other('a gzip file');
  if (starts('PK\x03\x04')) return other('a zip file');
  if (starts('version https://git-lfs'))
    return other('a Git LFS pointer, not the file itself (fetch it with git lfs pull)');
  if (/<svg[\s>]/i.test(text)) return other('an SVG drawing');
  if (/^\s*(<!doctype html|<html)/i.test(text)) return other('an HTML page');
  return other(isText(text) ? 'text' : 'no known picture format');
}

/** What a person with a HEIC picture can do on any machine. */
export const heicWayOut = 'save it as JPEG; an iPhone takes JPEG with Settings > Camera > Formats > Most Compatible';

/** ISO base media files name their brands at byte 8 and from 16 on: an `mif1` file is AVIF when a brand says so. */
function isoMedia(text: string): Kind {
  const size = (text.charCodeAt(2) << 8) | text.charCodeAt(3);
  const brands = [text.slice(8, 12)];
  for (let at = 16; at + 4 <= Math.min(size, text.length); at += 4) brands.push(text.slice(at, at + 4));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return picture('AVIF');
  if (brands.some((brand) => /^(hei[cxms]|hev[cx]|mif1|msf1)$/.test(brand)))
    return {
      ...other(`a HEIC picture (${heicWayOut}; or install libheif-js beside Fovea)`),
      heic: true,
    };
  return other('a video or another ISO media file');
}

/** One character a byte; TextDecoder's latin1 is windows-1252 and differs from 0x80 to 0x9f. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Tab, line feed, form feed and carriage return are the control characters of text. */
const isText = (text: string): boolean =>
  [...text].every((character) => character >= ' ' || '\t\n\f\r\x1b'.includes(character));
