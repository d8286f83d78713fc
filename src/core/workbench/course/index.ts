import { invalid } from '../../errors.ts';
import { suggest } from '../../nearest.ts';
import type { Lesson } from './lesson.ts';
import { baseline } from './lessons/baseline/index.ts';
import { building } from './lessons/building/index.ts';
import { convolution } from './lessons/convolution/index.ts';
import { overfitting } from './lessons/overfitting/index.ts';
import { pictures } from './lessons/pictures/index.ts';
import { seeing } from './lessons/seeing/index.ts';
import { sharedWeights } from './lessons/shared-weights/index.ts';
import { testing } from './lessons/testing/index.ts';
import { training } from './lessons/training/index.ts';
import { validationLoss } from './lessons/validation-loss/index.ts';

/** THE LIST of lessons, in their order. */
export const lessons: readonly Lesson[] = [
  pictures,
  baseline,
  convolution,
  sharedWeights,
  building,
  training,
  validationLoss,
  overfitting,
  testing,
  seeing,
];

/** A lesson by its number or its id. @throws FoveaError naming the nearest. */
export function lessonNamed(text: string): Lesson {
  const found = lessons.find(({ number, id }) => String(number) === text || id === text);
  if (found) return found;
  const names = lessons.map(({ id }) => id);
  throw invalid(
    `a lesson (${lessons.map(({ number }) => number).join(', ')})`,
    'the lesson',
    text,
    suggest(text, names),
  );
}
