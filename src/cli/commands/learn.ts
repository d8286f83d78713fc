import type { Options } from '../../core/layers/layer.ts';
import { completeOptions, describeOption } from '../../core/layers/options.ts';
import type { Block, CourseHost, Experiment, Findings, Lesson } from '../../core/workbench/course/lesson.ts';
import { readProse } from '../../core/workbench/course/prose.ts';
import { type CommandContext, type CommandDefinition, type Outcome, UsageError } from '../command.ts';
import { courseHost } from '../course-host.ts';
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
  ],
  examples: [
    ['fovea learn', 'the list of lessons'],
    ['fovea learn 3', 'a lesson, with its experiments run'],
    ['fovea learn 3 --experiment slide --options \'{"stride":2,"padding":1}\'', 'one experiment'],
    ['fovea learn 3 --answer \'{"kernel":[1,2,1,0,0,0,-1,-2,-1]}\'', 'an answer, tried out'],
  ],

  async run(context, [named], given) {
    // Loaded when first needed: other commands start without the course.
    const { lessonNamed, lessons } = await import('../../core/workbench/course/index.ts');
    if (named === undefined) return list(context, lessons);
    const lesson = lessonNamed(named as string);
    const host = courseHost(context);
    try {
      if (given.code) {
        context.terminal.out(lesson.code.trimEnd());
        return { json: { lesson: lesson.number, code: lesson.code } };
      }
      if (given.answer !== undefined) return await check(context, host, lesson, given.answer as Given);
      if (given.experiment !== undefined) {
        return await tryOut(context, host, lesson, given.experiment as string, (given.options ?? {}) as Given);
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

function list({ terminal }: CommandContext, lessons: readonly Lesson[]): Outcome {
  const columns = [
    { title: '', align: 'right' as const },
    { title: 'lesson' },
    { title: 'minutes', align: 'right' as const },
  ];
  const rows = lessons.map(({ number, title, minutes }) => [String(number), title, String(minutes)]);
  for (const line of table(columns, rows)) terminal.out(line);
  terminal.out(`\nnpx fovea learn ${lessons[0].number} begins; fovea studio has the same with pictures to move.`);
  return {
    json: {
      lessons: lessons.map(({ number, id, title, minutes, aims }) => ({ number, id, title, minutes, aims })),
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
): Promise<Outcome> {
  const experiments = lesson.blocks.flatMap((block): Experiment[] =>
    block.kind === 'experiment' ? [block.experiment] : [],
  );
  const experiment = experiments.find((one) => one.id === id);
  if (!experiment) {
    const known = experiments.map((one) => one.id).join(', ');
    throw new UsageError(`Expected one of ${known} for --experiment but received '${id}'`);
  }
  const findings = await experiment.run(host, completeOptions(experiment, given, `experiment '${id}'`));
  host.clear();
  show(context, findings);
  return { json: { lesson: lesson.number, experiment: id, ...told(findings) } };
}

async function check(
  context: CommandContext,
  host: CourseHost & { clear(): void },
  { number, exercise }: Lesson,
  answer: Given,
): Promise<Outcome> {
  const verdict = await exercise.check(host, completeOptions(exercise, answer, 'the answer'));
  host.clear();
  show(context, verdict);
  const paint = painter(context.terminal);
  const words = harmless(verdict.words);
  context.terminal.out(`\n${verdict.right ? paint('good', 'Right.') : paint('bad', 'Not yet.')} ${words}`);
  return {
    json: { lesson: number, right: verdict.right, words: verdict.words },
    exitCode: verdict.right ? 0 : 1,
  };
}
