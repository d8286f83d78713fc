import type { Block, Lesson } from '../src/core/workbench/course/lesson.ts';

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
