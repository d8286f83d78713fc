import { generateDigits } from '../../../../dataset/builtin/digits.ts';
import { type Part, pictureAt } from '../../../../dataset/dataset.ts';
import { type PictureFacts, pictureFacts, type Survey, unreadableFacts } from '../../../../dataset/facts.ts';
import type { Picture } from '../../../../image/picture.ts';

/** A little set of four classes, as it might come from a camera: 48 files to train on and 12 to test on. */
export const classNames = ['two', 'three', 'five', 'seven'];
const digits = [2, 3, 5, 7];
const perClass = { train: 12, test: 3 } as const;

interface File {
  readonly number: number;
  readonly part: Part;
  readonly label: number;
  readonly picture: Picture;
  readonly broken?: boolean;
}

/** Ways in which such a set goes wrong. Each overwrites one file by what somebody's hand might have done to it. */
export const faults = {
  copy: { file: 5, doc: 'A training picture stands in its folder twice.' },
  'wrong label': { file: 20, doc: 'A picture of a two was also put among the threes.' },
  blank: { file: 30, doc: 'The lens cap was on.' },
  unreadable: { file: 34, doc: 'A file broke off in copying.' },
  leak: { file: 43, doc: 'A test picture also stands among the training pictures.' },
} as const;
export type Fault = keyof typeof faults;

/** Which file each fault was made from; only three of them are about two files. */
export const twins: Readonly<Partial<Record<Fault, number>>> = { copy: 2, 'wrong label': 9, leak: 59 };

export interface PlantedSet {
  readonly survey: Survey;
  readonly pictures: ReadonlyMap<number, Picture>;
}

/** Number of a file from its name. */
export const numberOf = (origin: string): number => Number(/(\d+)\.png$/.exec(origin)?.[1]);

/** The set with some faults planted, looked at as `fovea data doctor` looks at a folder. */
export async function plantedSet(planted: readonly Fault[]): Promise<PlantedSet> {
  const files = soundFiles();
  for (const fault of planted) plant(files, fault);
  const facts = await Promise.all(files.map(factsOf));
  return {
    survey: { name: 'camera', classNames, facts, skipped: [] },
    pictures: new Map(files.map(({ number, picture }) => [number, picture])),
  };
}

function soundFiles(): File[] {
  const source = generateDigits({ train: 10 * perClass.train, test: 10 * perClass.test, seed: 1 });
  return (['train', 'test'] as const)
    .flatMap((part) =>
      digits.flatMap((digit, label) =>
        Array.from({ length: perClass[part] }, (_, i) => ({
          part,
          label,
          picture: pictureAt(source[part]!, 10 * i + digit),
        })),
      ),
    )
    .map((file, i) => ({ ...file, number: i + 1 }));
}

function plant(files: File[], fault: Fault): void {
  const at = faults[fault].file - 1;
  const file = files[at];
  const twin = files[(twins[fault] ?? 1) - 1].picture;
  const change = (changed: Partial<File>): void => void (files[at] = { ...file, ...changed });
  if (fault === 'copy' || fault === 'wrong label' || fault === 'leak') change({ picture: twin });
  else if (fault === 'blank') change({ picture: { ...twin, data: new Uint8Array(twin.data.length).fill(4) } });
  else change({ broken: true });
}

async function factsOf({ number, part, label, picture, broken }: File): Promise<PictureFacts> {
  const origin = `${part}/${classNames[label]}/${String(number).padStart(2, '0')}.png`;
  const known = { origin, label, part, bytes: picture.data.length };
  return broken ? unreadableFacts(known, 'the file ends too early') : pictureFacts(known, picture);
}
