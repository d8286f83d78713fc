import { z } from 'zod';
import { invalid, mismatch } from '../../../errors.ts';
import { completeOptions } from '../../../layers/options.ts';
import { suggest } from '../../../nearest.ts';
import {
  type Block,
  type CourseHost,
  claimsOf,
  type Experiment,
  experimentsOf,
  type Lesson,
} from '../../course/lesson.ts';
import { sources } from '../../course/sources.ts';
import type { StudioContext } from '../context.ts';
import { gatedHost } from '../gated-adapters.ts';
import type { JobControl } from '../job-control.ts';
import { job, query } from '../verb.ts';

const lessonName = z.string().max(100);
const values = z.record(z.string().max(100), z.unknown()).default({});

/** Loaded when somebody first learns. */
async function lessonOf(name: string): Promise<Lesson> {
  return (await import('../../course/index.ts')).lessonNamed(name);
}

/** @throws FoveaError naming the nearest. */
function experimentOf(lesson: Lesson, id: string): Experiment {
  const all = experimentsOf(lesson);
  const found = all.find((one) => one.id === id);
  if (found) return found;
  const ids = all.map((one) => one.id);
  throw invalid(`an experiment of lesson ${lesson.number} (${ids.join(', ')})`, 'the experiment', id, suggest(id, ids));
}

/** A click is answered by a small engine, beside a training. */
const clicking = ({ host }: StudioContext, signal: AbortSignal): CourseHost => ({
  createEngine: () => host.createEngine({ threads: 1 }),
  signal,
});

const working = ({ host }: StudioContext, { signal, emit, gate }: JobControl): CourseHost => ({
  createEngine: () => gatedHost(host, gate).createEngine({}),
  signal,
  onProgress: ({ done, total, what }) => emit({ kind: 'progress', doing: what, done, total }),
});

/** A block as it is told: what a page cannot call is left out. */
function tell(block: Block, claims: ReturnType<typeof claimsOf>) {
  if (block.kind === 'claim') {
    const { text, between, slow = false } = block.claim;
    return { kind: 'claim' as const, claim: { number: claims.indexOf(block.claim), text, between, slow } };
  }
  if (block.kind !== 'experiment') return block;
  const { run: _, ...experiment } = block.experiment;
  return { kind: 'experiment' as const, experiment };
}

export const courseVerbs = {
  'course.list': query({
    doc: 'The lessons on convolutional networks, in their order.',
    request: z.object({}),
    async run() {
      const { lessons } = await import('../../course/index.ts');
      return { lessons: lessons.map(({ number, id, title, aims, minutes }) => ({ number, id, title, aims, minutes })) };
    },
  }),

  'course.lesson': query({
    doc: 'A lesson: its text, experiments with the options of each, exercise, code and commands, sources.',
    request: z.object({ lesson: lessonName }),
    async run(_, { lesson: name }) {
      const lesson = await lessonOf(name);
      const { exercise, blocks, sources: cited, keys: _keys, ...rest } = lesson;
      const claims = claimsOf(lesson);
      return {
        ...rest,
        blocks: blocks.map((block) => tell(block, claims)),
        /** Without its solution: who wants it solves it. */
        exercise: { task: exercise.task, options: exercise.options },
        sources: cited.map((source) => ({ name: source, text: sources[source] })),
      };
    },
  }),

  'course.try': query({
    doc: 'An experiment that answers at once: run anew while a control is moved.',
    request: z.object({ lesson: lessonName, experiment: z.string().max(100), options: values }),
    async run(context, { lesson: name, experiment: id, options }, { signal }) {
      const experiment = experimentOf(await lessonOf(name), id);
      if (experiment.pace !== 'instant') {
        throw mismatch('an instant experiment', "'experiment'", `'${id}'`, 'Run it by course.run: it takes its time');
      }
      return experiment.run(clicking(context, signal), completeOptions(experiment, options, `experiment '${id}'`));
    },
  }),

  'course.run': job({
    doc: 'An experiment that takes its time. The hash of what it trained is the same on every machine.',
    needs: 'engine',
    pausable: true,
    request: z.object({ lesson: lessonName, experiment: z.string().max(100), options: values }),
    title: ({ lesson, experiment }) => `Lesson ${lesson}: ${experiment}`,
    async check(_, { lesson: name, experiment: id, options }) {
      const experiment = experimentOf(await lessonOf(name), id);
      completeOptions(experiment, options, `experiment '${id}'`);
    },
    async run(context, { lesson: name, experiment: id, options }, control) {
      const experiment = experimentOf(await lessonOf(name), id);
      return experiment.run(working(context, control), completeOptions(experiment, options, `experiment '${id}'`));
    },
  }),

  'course.check': job({
    doc: 'Tries an answer to a lesson’s exercise out: right, or the hint that fits the mistake.',
    needs: 'engine',
    request: z.object({ lesson: lessonName, answer: values }),
    title: ({ lesson }) => `Lesson ${lesson}: your answer`,
    async check(_, { lesson, answer }) {
      completeOptions((await lessonOf(lesson)).exercise, answer, 'the answer');
    },
    async run(context, { lesson, answer }, control) {
      const { exercise } = await lessonOf(lesson);
      return exercise.check(working(context, control), completeOptions(exercise, answer, 'the answer'));
    },
  }),

  'course.claim': job({
    doc: 'Measures a statement of a lesson: the number, and the bounds within which it must lie.',
    needs: 'engine',
    request: z.object({ lesson: lessonName, claim: z.int().min(0) }),
    title: ({ lesson, claim }) => `Lesson ${lesson}: statement ${claim + 1}`,
    async check(_, { lesson, claim }) {
      claimOf(await lessonOf(lesson), claim);
    },
    async run(context, { lesson, claim: number }, control) {
      const claim = claimOf(await lessonOf(lesson), number);
      const measured = await claim.measure(working(context, control));
      const [low, high] = claim.between;
      return { measured, between: claim.between, holds: measured >= low && measured <= high };
    },
  }),
  'course.teacher': job({
    doc: 'The teacher’s page, computed by this engine: a plan, results and hashes to expect, worksheets with solutions.',
    needs: 'engine',
    request: z.object({ lessons: z.array(lessonName).max(100).optional() }),
    title: () => 'The teacher’s page',
    async check(_, { lessons = [] }) {
      for (const name of lessons) await lessonOf(name);
    },
    async run(context, { lessons: names }, control) {
      const { lessons } = await import('../../course/index.ts');
      const { makeTeacherPages } = await import('../../course/teacher/pages.ts');
      const chosen = names ? await Promise.all(names.map(lessonOf)) : lessons;
      const { whole, expected } = await makeTeacherPages(working(context, control), lessons, chosen);
      const hashes = expected.flatMap(({ lesson, findings }) =>
        findings.flatMap(({ experiment, hash }) =>
          hash === undefined ? [] : [{ lesson: lesson.id, experiment: experiment.id, hash }],
        ),
      );
      return { html: whole, hashes };
    },
  }),
};

function claimOf(lesson: Lesson, number: number) {
  const claims = claimsOf(lesson);
  const claim = claims[number];
  if (claim) return claim;
  throw mismatch(`a statement below ${claims.length}`, `lesson ${lesson.number}`, String(number));
}
