import type { Found } from './collect-files.ts';

/** A picture that the webcam took. */
export interface Snapshot {
  readonly blob: Blob;
  /** Which burst it is of: pictures of one burst look alike, and stay together when they are dealt out. */
  readonly burst: number;
  /** What shows it until `takeAway`. */
  readonly url: string;
}

export interface BurstClass {
  readonly name: string;
  readonly pictures: readonly Snapshot[];
}

/** What was taken, as a folder of class folders: `hands/open/burst-2-0013.jpg`. Classes without pictures are left out. */
export function filesOf(data: string, classes: readonly BurstClass[]): Found[] {
  const inName = (text: string): string =>
    text
      .trim()
      .replace(/[\\/]+/g, '-')
      .replace(/^\.+/, '');
  return classes.flatMap(({ name, pictures }) =>
    pictures.map(({ blob, burst }, i) => {
      const file = `burst-${burst}-${String(i + 1).padStart(4, '0')}.jpg`;
      return {
        path: `${inName(data) || 'webcam'}/${inName(name) || 'class'}/${file}`,
        file: new File([blob], file, { type: blob.type }),
      };
    }),
  );
}

/** Gives the memory of pictures back. */
export function takeAway(pictures: readonly Snapshot[]): void {
  for (const { url } of pictures) URL.revokeObjectURL(url);
}
