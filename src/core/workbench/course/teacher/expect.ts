import { completeOptions } from '../../../layers/options.ts';
import type { Answer, Claim, CourseHost, Experiment, Lesson } from '../lesson.ts';
import { claimsOf, experimentsOf } from '../lesson.ts';

/** What an experiment shows with its controls as they stand at first. */
export interface ExpectedFindings {
  readonly experiment: Experiment;
  readonly figures: readonly { readonly title: string; readonly words: string }[];
  /** Of the trained weights; a learner who changed nothing has the same. */
  readonly hash?: string;
}

/** A statement of the text, and what a learner measures for it; those that take long are not measured for the page. */
export interface ExpectedClaim {
  readonly claim: Claim;
  readonly measured?: number;
}

/** An answer to an exercise, and what the engine says to it. */
export interface ExpectedVerdict {
  readonly answer: Answer;
  readonly right: boolean;
  readonly words: string;
}

/** What a class will see in a lesson. */
export interface ExpectedLesson {
  readonly lesson: Lesson;
  readonly findings: readonly ExpectedFindings[];
  readonly claims: readonly ExpectedClaim[];
  readonly solution: ExpectedVerdict;
  readonly mistakes: readonly ExpectedVerdict[];
}

/** Runs the experiments and tries the known answers of lessons, so that a teacher knows what to expect. @throws as `train`. */
export async function expectLessons(host: CourseHost, lessons: readonly Lesson[]): Promise<ExpectedLesson[]> {
  const works = lessons.map(
    (lesson) =>
      experimentsOf(lesson).length +
      claimsOf(lesson).filter(({ slow }) => !slow).length +
      1 +
      lesson.exercise.mistakes.length,
  );
  const total = works.reduce((sum, one) => sum + one, 0);
  let done = 0;
  let what = '';
  const own: CourseHost = {
    createEngine: () => host.createEngine(),
    signal: host.signal,
    onProgress: (inner) => host.onProgress?.({ done: done + inner.done / Math.max(1, inner.total), total, what }),
  };
  const step = async <T>(name: string, compute: () => Promise<T>): Promise<T> => {
    host.signal?.throwIfAborted();
    what = name;
    host.onProgress?.({ done, total, what });
    const found = await compute();
    done++;
    return found;
  };

  const expected: ExpectedLesson[] = [];
  for (const lesson of lessons) {
    const { number, exercise } = lesson;
    const findings: ExpectedFindings[] = [];
    for (const experiment of experimentsOf(lesson)) {
      const { figures, hash } = await step(`lesson ${number}, ${experiment.title}`, () =>
        experiment.run(own, completeOptions(experiment, {}, `experiment '${experiment.id}'`)),
      );
      findings.push({
        experiment,
        figures: figures.map(({ title, words }) => ({ title, words })),
        ...(hash === undefined ? {} : { hash }),
      });
    }
    const claims: ExpectedClaim[] = [];
    for (const claim of claimsOf(lesson)) {
      const measured = claim.slow ? undefined : await step(`lesson ${number}, statements`, () => claim.measure(own));
      claims.push({ claim, ...(measured === undefined ? {} : { measured }) });
    }
    const tryOut = (answer: Answer): Promise<ExpectedVerdict> =>
      step(`lesson ${number}, exercise`, async () => {
        const { right, words } = await exercise.check(own, completeOptions(exercise, answer, 'the answer'));
        return { answer, right, words };
      });
    const solution = await tryOut(exercise.solution);
    const mistakes: ExpectedVerdict[] = [];
    for (const { answer } of exercise.mistakes) mistakes.push(await tryOut(answer));
    expected.push({ lesson, findings, claims, solution, mistakes });
  }
  host.onProgress?.({ done: total, total, what: 'writing' });
  return expected;
}
