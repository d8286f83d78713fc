import type { Block, Lesson } from './lesson.ts';
import { countWords } from './prose.ts';

const textOf = (block: Block): string =>
  block.kind === 'text' || block.kind === 'heading'
    ? block.text
    : block.kind === 'formula'
      ? block.words
      : block.kind === 'claim'
        ? block.claim.text
        : block.experiment.doc;

/** What a learner reads of a lesson: texts, headings, claims, formulas in words and the task. */
export const wordsOf = ({ blocks, exercise }: Lesson): string[] => [...blocks.map(textOf), exercise.task];

/** Words a minute of somebody who stops to think, and whose first language may be another. */
const wordsPerMinute = 130;

/** How long a lesson is read, in whole minutes. */
export const readingMinutes = (lesson: Lesson): number =>
  Math.max(1, Math.round(wordsOf(lesson).reduce((sum, text) => sum + countWords(text), 0) / wordsPerMinute));
