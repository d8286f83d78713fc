import { pictureAtSize } from '../../core/image/at-size.ts';
import type { Picture } from '../../core/image/picture.ts';
import type { Terminal } from './terminal.ts';

/** From dark to bright, for terminals without colours. */
const shades = ' .:-=+*#%@';

/**
 * A picture as lines of text: two pixels in a character, the upper one its colour, the lower one its background (24 bits).
 * Where the terminal takes no colours, a character for each two rows by how bright they are.
 * @param rows the most lines.
 */
export function drawPicture(
  picture: Picture,
  { colour, columns }: Pick<Terminal, 'colour' | 'columns'>,
  rows: number,
): string[] {
  const small = pictureAtSize(picture, 2 * rows, Math.max(1, columns - 2));
  const { width, height, channels, data } = small;
  const at = (x: number, y: number): [number, number, number] => {
    const i = (Math.min(y, height - 1) * width + x) * channels;
    return channels === 1 ? [data[i], data[i], data[i]] : [data[i], data[i + 1], data[i + 2]];
  };
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    let line = '';
    for (let x = 0; x < width; x++) {
      const [upper, lower] = [at(x, y), at(x, y + 1)];
      if (colour) line += `\u001b[38;2;${upper.join(';')}m\u001b[48;2;${lower.join(';')}m▀`;
      else line += shades[Math.min(shades.length - 1, Math.floor(((sum(upper) + sum(lower)) / 1531) * shades.length))];
    }
    lines.push(colour ? `${line}\u001b[0m` : line);
  }
  return lines;
}

const sum = ([r, g, b]: readonly [number, number, number]): number => r + g + b;
