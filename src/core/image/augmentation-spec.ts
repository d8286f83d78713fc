import { invalid, mismatch } from '../errors.ts';
import { suggest } from '../nearest.ts';
import {
  type AugmentationKind,
  type AugmentationOption,
  type AugmentationValues,
  isMixing,
} from './augmentations/augmentation.ts';
import { augmentationKinds } from './augmentations/index.ts';

/** One change: the name of its kind, and its options by name; those left out have their defaults. */
export interface AugmentationStep {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** Changes in the order in which they are made. */
export interface AugmentationList {
  readonly version: 2;
  readonly steps: readonly AugmentationStep[];
}

/** The first form, which the default still takes: a crop, then a flip. */
export interface CropAndFlip {
  /** Mirrors left and right in every second picture. Not for digits or letters. */
  readonly flip?: boolean;
  /** Pads by this many black pixels on each side and cuts the size out again at a random place. */
  readonly crop?: number;
}

/** Changes made to training pictures, anew in every epoch. Without any: `{}`. */
export type Augmentation = CropAndFlip | AugmentationList;

/** A step that is known to be right, with all options. */
export interface CompleteStep {
  readonly kind: AugmentationKind;
  readonly values: AugmentationValues;
}

const names = augmentationKinds.map(({ name }) => name);

/** @throws FoveaError for an unknown kind or option, an option out of range, a crop as large as the pictures. */
export function completeAugmentation(
  augmentation: Augmentation,
  shape?: { readonly height: number; readonly width: number },
): CompleteStep[] {
  const complete = listSteps(augmentation).map(completeStep);
  const many = complete.find(({ kind }, i) => isMixing(kind) && complete.slice(0, i).some((one) => one.kind === kind));
  if (many) throw invalid('each way of mixing once', 'the augmentation', `${many.kind.name} twice`);
  for (const { kind, values } of complete) {
    if (shape && !isMixing(kind)) kind.check?.(values, shape, `augmentation '${kind.name}'`);
  }
  return complete;
}

/** Whether pictures are mixed, so that each has shares of classes instead of a label. */
export const mixesPictures = (augmentation: Augmentation = {}): boolean =>
  completeAugmentation(augmentation).some(({ kind }) => isMixing(kind));

/** As a recipe keeps it: with all options, so that it stays the same when a default changes. The first form stays. */
export function writeOut(augmentation: Augmentation): Augmentation {
  if (!('steps' in augmentation)) return augmentation;
  const steps = completeAugmentation(augmentation).map(({ kind, values }) => ({ type: kind.name, ...values }));
  return { version: 2, steps };
}

/** Either form as a list. */
export function listSteps(augmentation: Augmentation): readonly AugmentationStep[] {
  if ('steps' in augmentation) return augmentation.steps;
  const { flip, crop } = augmentation;
  if (flip !== undefined && typeof flip !== 'boolean') throw invalid('true or false', "augmentation 'flip'", flip);
  return [
    ...(crop !== undefined && crop !== 0 ? [{ type: 'crop', padding: crop }] : []),
    ...(flip ? [{ type: 'flip' }] : []),
  ];
}

function completeStep({ type, ...given }: AugmentationStep): CompleteStep {
  const kind = augmentationKinds.find(({ name }) => name === type);
  if (!kind) throw invalid('the name of a change', 'the augmentation', type, suggest(String(type), names));
  const known = Object.keys(kind.options);
  const unknown = Object.keys(given).find((name) => given[name] !== undefined && !known.includes(name));
  if (unknown !== undefined) {
    throw invalid('an option that it has', `augmentation '${type}'`, unknown, suggest(unknown, known));
  }
  const values: Record<string, number> = {};
  for (const name of known) {
    const option: AugmentationOption = kind.options[name];
    const value = given[name] ?? option.default;
    if (!fits(option, value)) {
      const what = option.type === 'integer' ? 'a whole number' : 'a number';
      throw invalid(`${what} from ${option.minimum} to ${option.maximum}`, `augmentation '${type}', '${name}'`, value);
    }
    values[name] = value;
  }
  return { kind, values };
}

const fits = ({ type, minimum, maximum }: AugmentationOption, value: unknown): value is number =>
  typeof value === 'number' && value >= minimum && value <= maximum && (type === 'number' || Number.isInteger(value));

/**
 * Reads the form that a person types: names with commas between, each with values behind colons, in the order of the
 * options or by name: `flip,crop:4,affine:10:scale=0.2`.
 *
 * @throws FoveaError for an unknown kind or option, or a value out of range.
 */
export function parseAugmentation(text: string): AugmentationList {
  const steps = text.split(',').map((part): AugmentationStep => {
    const [type, ...words] = part.split(':').map((word) => word.trim());
    const kind = augmentationKinds.find(({ name }) => name === type);
    if (!kind) throw invalid('the name of a change', 'the augmentation', type, suggest(type, names));
    const options = Object.keys(kind.options);
    const step: Record<string, unknown> = { type };
    words.forEach((word, i) => {
      const [, named, number] = /^(?:(\w+)=)?(.*)$/s.exec(word) as RegExpExecArray;
      const option = named ?? options[i];
      if (option === undefined) {
        const most = options.length === 0 ? 'no value' : `at most ${options.length} values`;
        throw mismatch(most, `augmentation '${type}'`, `${words.length}`);
      }
      if (option === 'type') throw invalid('an option that it has', `augmentation '${type}'`, option);
      const value = /^[-+]?(\d+\.?\d*|\.\d+)$/.test(number) ? Number(number) : Number.NaN;
      if (Number.isNaN(value)) throw invalid('a number', `augmentation '${type}', '${option}'`, number);
      step[option] = value;
    });
    return step as unknown as AugmentationStep;
  });
  const list: AugmentationList = { version: 2, steps };
  completeAugmentation(list);
  return list;
}

/** The short form that `parseAugmentation` reads; `none` where nothing is changed. */
export function augmentationText(augmentation: Augmentation): string {
  const steps = completeAugmentation(augmentation).map(({ kind, values }) => {
    const changed = Object.entries(values).filter(([name, value]) => value !== kind.options[name].default);
    const [first] = Object.keys(kind.options);
    const words = changed.map(([name, value]) => (name === first ? `${value}` : `${name}=${value}`));
    return [kind.name, ...words].join(':');
  });
  return steps.join(',') || 'none';
}
