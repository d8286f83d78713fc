import type { Options } from '../../core/layers/layer.ts';
import { completeOptions, describeOption } from '../../core/layers/options.ts';
import type { Block, CourseHost, Experiment, Findings, Lesson } from '../../core/workbench/course/lesson.ts';
import { type CourseProgress, setAttempts, setDone } from '../../core/workbench/course/progress.ts';
import { readProse } from '../../core/workbench/course/prose.ts';
import { countProved, type Score, scoreFigure } from '../../core/workbench/course/score.ts';
import { type CommandContext, type CommandDefinition, type Outcome, UsageError } from '../command.ts';
import { courseHost } from '../course-host.ts';
import { loadProgress, loadProgressToKeep, progressFile, saveProgress } from '../course-progress.ts';
import { writeTeacherPages } from '../teacher-pages.ts';
import { drawFigure } from '../terminal/figures.ts';
import { table, wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';

export const learn: CommandDefinition = {
  name: 'learn',
  group: 'beginning',
  doc: 'The course: lessons on convolutional networks, computed by the engine in front of you.',
  arguments: [{ name: '[lesson]', doc: 'its number or name; without one, the list' }],
  options: [
    { flags: '--experiment <id>', doc: 'run one experiment of the lesson instead of reading it' },
    { flags: '--options <json>', doc: 'its controls, such as \'{"stride":2}\'', parse: readJson },
    { flags: '--answer <json>', doc: "your answer to the lesson's exercise, tried out", parse: readJson },
    { flags: '--code', doc: 'print the same as a program' },
    { flags: '--score', doc: 'print the score of a lesson that keeps one (13)' },
    { flags: '--progress <file>', doc: `where right answers and scores are kept (default: ${progressFile})` },
    {
      flags: '--teacher <place>',
      doc: "write the teacher's page: FILE.html for one page, or a folder for guide, worksheets and solutions apart",
    },
  ],
  examples: [
    ['fovea learn', 'the list of lessons'],
    ['fovea learn 3', 'a lesson, with its experiments run'],
    ['fovea learn 3 --experiment slide --options \'{"stride":2,"padding":1}\'', 'one experiment'],
    ['fovea learn 3 --answer \'{"kernel":[1,2,1,0,0,0,-1,-2,-1]}\'', 'an answer, tried out'],
    [
      'fovea learn 13 --experiment lab --options \'{"patient":"B","mend":"label noise"}\'',
      'a fault named and mended; the score is kept',
    ],
    ['fovea learn --teacher lessons.html', 'the plan, results and hashes to expect, worksheets, as a page'],
  ],

  async run(context, [named], given) {
    // Loaded when first needed: other commands start without the course.
    const { lessonNamed, lessons } = await import('../../core/workbench/course/index.ts');
    const file = (given.progress as string | undefined) ?? progressFile;
    if (given.teacher !== undefined) {
      const chosen = named === undefined ? lessons : [lessonNamed(named as string)];
      return await writeTeacherPages(context, given.teacher as string, lessons, chosen);
    }
    if (named === undefined) return list(context, lessons, await loadProgress(file));
    const lesson = lessonNamed(named as string);
    const host = courseHost(context);
    try {
      if (given.score) return await showScore(context, lesson, file);
      if (given.code) {
        context.terminal.out(lesson.code.trimEnd());
        return { json: { lesson: lesson.number, code: lesson.code } };
      }
      if (given.answer !== undefined) return await check(context, host, lesson, given.answer as Given, file);
      if (given.experiment !== undefined) {
        const options = (given.options ?? {}) as Given;
        return await tryOut(context, host, lesson, given.experiment as string, options, file);
      }
      return await read(context, host, lesson);
    } finally {
      host.clear();
    }
  },
};

type Given = Readonly<Record<string, unknown>>;

function readJson(text: string, flag: string): Given {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Given;
  } catch {
    // Told below.
  }
  throw new UsageError(`Expected a JSON object, such as '{"stride":2}', for ${flag} but received '${text}'`);
}

function list({ terminal }: CommandContext, lessons: readonly Lesson[], { done }: CourseProgress): Outcome {
  const columns = [
    { title: '', align: 'right' as const },
    { title: 'lesson' },
    { title: 'minutes', align: 'right' as const },
    ...(done.length > 0 ? [{ title: '' }] : []),
  ];
  const isDone = (id: string): boolean => done.includes(id);
  const rows = lessons.map(({ number, id, title, minutes }) => [
    String(number),
    title,
    String(minutes),
    ...(done.length > 0 ? [isDone(id) ? 'done' : ''] : []),
  ]);
  for (const line of table(columns, rows)) terminal.out(line);
  terminal.out(`\nnpx fovea learn ${lessons[0].number} begins; fovea studio has the same with pictures to move.`);
  return {
    json: {
      lessons: lessons.map(({ number, id, title, minutes, aims }) => ({
        number,
        id,
        title,
        minutes,
        aims,
        done: isDone(id),
      })),
    },
  };
}

/** Results as JSON: numbers and hashes, without pictures. */
const told = ({ numbers, hash, figures }: Findings) => ({
  numbers,
  ...(hash === undefined ? {} : { hash }),
  figures: figures.map(({ kind, title, words }) => ({ kind, title, words })),
});

function show({ terminal }: CommandContext, { figures, hash }: Pick<Findings, 'figures' | 'hash'>): void {
  for (const figure of figures) for (const line of ['', ...drawFigure(figure, terminal)]) terminal.out(line);
  if (hash !== undefined)
    terminal.out(`\n${painter(terminal)('faint', `Hash of the weights: ${hash} (the same on every machine).`)}`);
}

async function read(context: CommandContext, host: CourseHost & { clear(): void }, lesson: Lesson): Promise<Outcome> {
  const { terminal } = context;
  const paint = painter(terminal);
  const paragraph = (text: string): void => {
    const shown = readProse(text)
      .map((span) => (span.kind === 'emphasis' || span.kind === 'code' ? paint('strong', span.text) : span.text))
      .join('');
    for (const line of ['', ...wrap(shown, Math.min(terminal.columns, 80))]) terminal.out(line);
  };
  terminal.out(paint('strong', `${lesson.number}. ${lesson.title}`));
  terminal.out(`In ${lesson.minutes} minutes you will be able to`);
  for (const aim of lesson.aims) terminal.out(`  - ${aim}`);
  const experiments: Record<string, unknown> = {};
  for (const block of lesson.blocks) {
    const found = await readBlock(context, host, block, paragraph);
    if (found) experiments[found.id] = told(found.findings);
  }
  paragraph('*Exercise.*');
  paragraph(lesson.exercise.task);
  for (const [name, option] of Object.entries(lesson.exercise.options)) {
    terminal.out(paint('faint', `  ${name}: ${describeOption(option)}. ${option.doc}`));
  }
  terminal.out(`  npx fovea learn ${lesson.number} --answer '${exampleAnswer(lesson.exercise.options)}'`);
  paragraph('*The same on the command line*');
  for (const line of lesson.commands) terminal.out(`  ${line}`);
  terminal.out(`  npx fovea learn ${lesson.number} --code`);
  return { json: { lesson: lesson.number, title: lesson.title, experiments } };
}

/** An answer as it is written: not a good one, with every name that it needs. */
const exampleAnswer = (options: Options): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(options).map(([name, option]) => {
        const some = option.choices?.[0] ?? option.minimum ?? 1;
        return [name, option.default ?? (option.type === 'numbers' ? [some] : some)];
      }),
    ),
  );

async function readBlock(
  context: CommandContext,
  host: CourseHost & { clear(): void },
  block: Block,
  paragraph: (text: string) => void,
): Promise<{ id: string; findings: Findings } | undefined> {
  const { terminal } = context;
  const paint = painter(terminal);
  switch (block.kind) {
    case 'text':
      paragraph(block.text);
      return undefined;
    case 'heading':
      terminal.out(`\n${paint('strong', block.text)}`);
      return undefined;
    case 'formula':
      terminal.out(`\n    ${block.formula}`);
      paragraph(block.words);
      return undefined;
    case 'claim':
      paragraph(block.claim.text);
      return undefined;
    case 'experiment': {
      const { experiment } = block;
      paragraph(`*${experiment.title}.* ${experiment.doc}`);
      const findings = await experiment.run(host, completeOptions(experiment, {}, `experiment '${experiment.id}'`));
      host.clear();
      show(context, findings);
      return { id: experiment.id, findings };
    }
  }
}

async function tryOut(
  context: CommandContext,
  host: CourseHost & { clear(): void },
  lesson: Lesson,
  id: string,
  given: Given,
  file: string,
): Promise<Outcome> {
  const experiments = lesson.blocks.flatMap((block): Experiment[] =>
    block.kind === 'experiment' ? [block.experiment] : [],
  );
  const experiment = experiments.find((one) => one.id === id);
  if (!experiment) {
    const known = experiments.map((one) => one.id).join(', ');
    throw new UsageError(`Expected one of ${known} for --experiment but received '${id}'`);
  }
  const before = lesson.score && (await loadProgressToKeep(file));
  const findings = await experiment.run(host, completeOptions(experiment, given, `experiment '${id}'`));
  host.clear();
  show(context, findings);
  const { attempts } = findings;
  const score = before && attempts && (await keep(context, lesson, file, setAttempts(before, lesson.id, attempts)));
  return { json: { lesson: lesson.number, experiment: id, ...told(findings), ...(score ? { score } : {}) } };
}

async function check(
  context: CommandContext,
  host: CourseHost & { clear(): void },
  lesson: Lesson,
  answer: Given,
  file: string,
): Promise<Outcome> {
  const { number, id, exercise } = lesson;
  const before = await loadProgressToKeep(file);
  const verdict = await exercise.check(host, completeOptions(exercise, answer, 'the answer'));
  host.clear();
  show(context, verdict);
  const paint = painter(context.terminal);
  const words = harmless(verdict.words);
  context.terminal.out(`\n${verdict.right ? paint('good', 'Right.') : paint('bad', 'Not yet.')} ${words}`);
  const { attempts = [], right } = verdict;
  const tried = attempts.length > 0 ? setAttempts(before, id, attempts) : before;
  const after = right ? setDone(tried, id, true) : tried;
  const score = after === before ? undefined : await keep(context, lesson, file, after);
  return {
    json: { lesson: number, right, words: verdict.words, ...(score ? { score } : {}) },
    exitCode: right ? 0 : 1,
  };
}

/** Keeps what was done and tells where. @returns the score, of lessons that keep one. */
async function keep(
  { terminal }: CommandContext,
  { number, id, score }: Lesson,
  file: string,
  progress: CourseProgress,
): Promise<Score | undefined> {
  await saveProgress(file, progress);
  const own = score && (progress.scores[id] ?? {});
  const line = own
    ? `${countProved(score.items, own)} of ${score.items.length} ${score.noun}s proved (npx fovea learn ${number} --score). `
    : '';
  terminal.out(
    `\n${painter(terminal)('faint', `${line}Kept in ${harmless(file)}; the studio's course can bring it in.`)}`,
  );
  return own;
}

async function showScore({ terminal }: CommandContext, lesson: Lesson, file: string): Promise<Outcome> {
  if (!lesson.score)
    throw new UsageError(`Expected a lesson that keeps a score for --score but received lesson ${lesson.number}`);
  const { noun, items } = lesson.score;
  const score = (await loadProgress(file)).scores[lesson.id] ?? {};
  for (const line of drawFigure(scoreFigure(noun, items, score), terminal)) terminal.out(line);
  return { json: { lesson: lesson.number, items, proved: countProved(items, score), score } };
}
