import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { RandomStream } from '../../src/core/random.ts';

/** A defect that was planted: the file that was added and, where it is a copy, the one that it was made from. */
export interface Planted {
  readonly what: 'exact copy' | 'encoded again' | 'wrong label' | 'turned by EXIF' | 'cut short';
  /** Below the data's folder, with slashes. */
  readonly file: string;
  readonly source?: string;
}

/** How pixels must lie in a file so that its EXIF orientation stands them upright. */
const stored: readonly (readonly [orientation: number, lay: (picture: Sharp) => Sharp])[] = [
  [2, (picture) => picture.flop()],
  [3, (picture) => picture.rotate(180)],
  [4, (picture) => picture.flip()],
  [6, (picture) => picture.rotate(270)],
  [8, (picture) => picture.rotate(90)],
];

/** Every third of the pictures that are encoded again: JPEG of two qualities, WebP. */
const encodings: readonly ((picture: Sharp) => readonly [Sharp, string])[] = [
  (picture) => [picture.jpeg({ quality: 75 }), 'jpg'],
  (picture) => [picture.webp({ quality: 80 }), 'webp'],
  (picture) => [picture.jpeg({ quality: 60 }), 'jpg'],
];

/**
 * Plants defects into class folders `train/CLASS` and `test/CLASS`: 40 exact and 40 re-encoded copies of training pictures
 * in test, 30 copies under a wrong label (every second encoded again), 10 copies in test turned by EXIF, 5 files cut
 * short. Each from a training picture of its own. The same for the same seed.
 */
export async function plant(folder: string, seed: number): Promise<Planted[]> {
  const classes = readdirSync(join(folder, 'train')).sort();
  const all = classes.flatMap((name) =>
    readdirSync(join(folder, 'train', name))
      .sort()
      .map((file) => ({ name, file: `train/${name}/${file}` })),
  );
  const sources = new RandomStream(seed, 'sample').shuffle(all).slice(0, 125);
  const planted: Planted[] = [];
  for (const [i, { name, file }] of sources.entries()) {
    const from = join(folder, file);
    const keep = (what: Planted['what'], part: string, label: string, ending: string): string => {
      const added = `${part}/${label}/added-${i}.${ending}`;
      planted.push({ what, file: added, ...(what === 'cut short' ? {} : { source: file }) });
      return join(folder, added);
    };
    const [picture, ending] = encodings[i % 3](sharp(from));
    if (i < 20) copyFileSync(from, keep('exact copy', 'test', name, 'png'));
    else if (i < 40)
      await sharp(from)
        .png({ compressionLevel: 1 })
        .toFile(keep('exact copy', 'test', name, 'png'));
    else if (i < 80) await picture.toFile(keep('encoded again', 'test', name, ending));
    else if (i < 110) {
      const wrong = classes[(classes.indexOf(name) + 1 + (i % (classes.length - 1))) % classes.length];
      if (i % 2 === 0) copyFileSync(from, keep('wrong label', 'train', wrong, 'png'));
      else await picture.toFile(keep('wrong label', 'train', wrong, ending));
    } else if (i < 120) {
      const [orientation, lay] = stored[i % stored.length];
      const turned = lay(sharp(from)).jpeg({ quality: 90 }).withMetadata({ orientation });
      await turned.toFile(keep('turned by EXIF', 'test', name, 'jpg'));
    } else {
      const whole = i % 2 === 0 ? await sharp(from).jpeg().toBuffer() : readFileSync(from);
      const cut = whole.subarray(0, Math.floor(whole.length * 0.6));
      writeFileSync(keep('cut short', 'train', name, i % 2 === 0 ? 'jpg' : 'png'), cut);
    }
  }
  return planted;
}
