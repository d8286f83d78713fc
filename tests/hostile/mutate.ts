import type { RandomStream } from '../../src/core/random.ts';

const extremes = [0, 1, 0x7f, 0x80, 0xff];

/** One to four changes: bits, bytes, numbers at their extremes, pieces cut out, doubled or swapped, the end cut or grown. */
export function mutate(content: Uint8Array, random: RandomStream): Uint8Array {
  let out = content.slice();
  // Half of all changes hit the ends, where headers and directories lie.
  const place = (): number => {
    const at = random.below(Math.max(1, out.length));
    const near = random.below(4);
    return near === 0 ? at % Math.min(out.length || 1, 64) : near === 1 ? Math.max(0, out.length - 1 - (at % 128)) : at;
  };
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = place();
    switch (random.below(8)) {
      case 0:
        out[at] ^= 1 << random.below(8);
        break;
      case 1:
        out[at] = random.below(256);
        break;
      case 2:
      case 3:
        out.fill(extremes[random.below(extremes.length)], at, at + [1, 2, 4, 8][random.below(4)]);
        break;
      case 4:
        out = out.slice(0, at);
        break;
      case 5: {
        const end = Math.min(out.length, at + 1 + random.below(64));
        out = Uint8Array.from([...out.subarray(0, at), ...out.subarray(end)]);
        break;
      }
      case 6: {
        const end = Math.min(out.length, at + 1 + random.below(64));
        out = Uint8Array.from([...out.subarray(0, end), ...out.subarray(at, end), ...out.subarray(end)]);
        break;
      }
      default:
        out.copyWithin(at, place(), place());
    }
  }
  return out;
}
