import { expect, it } from 'vitest';
import { kindOf } from './kind.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

it.each([
  ['\xff\xd8\xff\xe0', 'JPEG', true],
  ['\x89PNG\r\n\x1a\n', 'PNG', true],
  ['RIFF\x10\0\0\0WEBPVP8 ', 'WebP', true],
  ['RIFF\x10\0\0\0WAVEfmt ', 'no known picture format', false],
  ['GIF89a', 'GIF', true],
  ['II*\0', 'TIFF', true],
  ['\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf', 'AVIF', true],
  ['\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'AVIF', true],
  [
    '\0\0\0\x18ftypheic\0\0\0\0mif1heic',
    'a HEIC picture (save it as JPEG; an iPhone takes JPEG with Settings > Camera > Formats > Most Compatible; or install libheif-js beside Fovea)',
    false,
  ],
  ['\0\0\0\x18ftypisom\0\0\0\0isommp41', 'a video or another ISO media file', false],
  ['<?xml version="1.0"?>\n<svg xmlns="x">', 'an SVG drawing', false],
  ['<!DOCTYPE html><title>404', 'an HTML page', false],
  ['P6\n1 1\n255\n', 'a PNM picture', false],
  ['hello', 'text', false],
  ['', 'an empty file', false],
])('%j is %s', (head, name, picture) => {
  expect(kindOf(bytes(head))).toMatchObject({ name, picture });
});

it('names a Git LFS pointer', () => {
  expect(kindOf(bytes('version https://git-lfs.github.com/spec/v1\noid sha256:0')).name).toMatch(/^a Git LFS pointer/);
});
