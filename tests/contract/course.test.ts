/**
 * Every lesson keeps what lessons promise: texts of a readable length, terms and sources that are listed, experiments
 * that run, exercises that know right from wrong, code that compiles and commands that exist. What takes longer (code and
 * commands run, slow claims) is in tests/acceptance/course.acceptance.ts.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/cli/program.ts';
import { drawFigure } from '../../src/cli/terminal/figures.ts';
import { completeOptions } from '../../src/core/layers/options.ts';
import type { Figure } from '../../src/core/workbench/course/figure.ts';
import { glossary } from '../../src/core/workbench/course/glossary.ts';
import { lessonNamed, lessons } from '../../src/core/workbench/course/index.ts';
import {
  type CourseHost,
  claimsOf,
  type Experiment,
  experimentsOf,
  type Lesson,
} from '../../src/core/workbench/course/lesson.ts';
import { countWords, readProse } from '../../src/core/workbench/course/prose.ts';
import { wordsOf } from '../../src/core/workbench/course/reading.ts';
import { sources } from '../../src/core/workbench/course/sources.ts';
import { createEngine } from '../../src/node/engine.ts';

const host: CourseHost = { createEngine: () => createEngine({ inline: true }) };
/** Option and experiment words are shown as they are, without marks. */
const barelyTold = ({ exercise, ...lesson }: Lesson): string[] => [
  ...[exercise, ...experimentsOf({ ...lesson, exercise })].flatMap(({ options }) =>
    Object.values(options).map(({ doc }) => doc),
  ),
  ...experimentsOf({ ...lesson, exercise }).flatMap(({ title, doc }) => [title, doc]),
];

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The texts of a lesson, where terms and sources may stand. */
const textsOf = ({ blocks, exercise }: Lesson): string[] => [
  ...blocks.flatMap((block) =>
    block.kind === 'text' ? [block.text] : block.kind === 'claim' ? [block.claim.text] : [],
  ),
  exercise.task,
];

function checkFigure(figure: Figure): void {
  expect(figure.title).not.toBe('');
  expect(figure.words.length).toBeGreaterThan(10);
  // Every kind is drawn, with and without colours, in a narrow window too.
  for (const terminal of [
    { colour: true, columns: 120 },
    { colour: false, columns: 40 },
  ]) {
    expect(drawFigure(figure, terminal).length).toBeGreaterThan(1);
  }
}

/** Where numbers have places, the last one is as well pointed at as the first: its options give the same map, framed there. */
async function checkPlaces(experiment: Experiment, figures: readonly Figure[]): Promise<void> {
  for (const [f, figure] of figures.entries()) {
    if (figure.kind !== 'numbers' || !figure.places) continue;
    const { places, values } = figure;
    const [row, column] = [values.length - 1, values[0].length - 1];
    const options = completeOptions(experiment, { [places.row]: row, [places.column]: column }, experiment.id);
    const { figures: there } = await experiment.run(host, options);
    expect(there[f]).toMatchObject({ values, window: { row, column, rows: 1, columns: 1 } });
    expect(there).not.toEqual(figures);
  }
}

describe('the list of lessons', () => {
  it('is numbered and named', () => {
    const numbers = lessons.map(({ number }) => number);
    expect([...numbers].sort((a, b) => a - b)).toEqual(numbers);
    expect(new Set(lessons.map(({ id }) => id)).size).toBe(lessons.length);
    expect(lessonNamed(String(lessons[0].number))).toBe(lessons[0]);
    expect(() => lessonNamed('convolutoin')).toThrow("Did you mean 'convolution'");
  });

  it('has a glossary whose meanings are whole sentences', () => {
    for (const [word, meaning] of Object.values(glossary)) {
      expect(word).not.toBe('');
      expect(meaning).toMatch(/^[A-Z].*[.?]$/s);
    }
  });
});

describe.each(lessons.map((lesson) => [`${lesson.number} ${lesson.id}`, lesson] as const))('lesson %s', (_, lesson) => {
  it('has 400 to 900 words, listed terms, and cites its sources', () => {
    const words = wordsOf(lesson).reduce((sum, text) => sum + countWords(text), 0);
    expect(words).toBeGreaterThanOrEqual(400);
    expect(words).toBeLessThanOrEqual(900);
    const spans = textsOf(lesson).flatMap(readProse);
    const cited = new Set(spans.flatMap((span) => (span.kind === 'source' ? [span.source] : [])));
    expect([...cited].sort()).toEqual([...lesson.sources].sort());
    for (const source of lesson.sources) expect(sources[source]).toMatch(/\(\d{4}\)\./);
    expect(spans.some(({ kind }) => kind === 'term')).toBe(true);
    for (const text of spans.map((span) => span.text)) expect(text).not.toMatch(/\]\(|\*/);
    for (const text of barelyTold(lesson)) expect(text).not.toMatch(/[*`]|\]\(/);
    expect(lesson.aims.length).toBeGreaterThanOrEqual(2);
    expect(lesson.misconceptions.length).toBeGreaterThanOrEqual(1);
    expect(experimentsOf(lesson).length).toBeGreaterThanOrEqual(1);
  });

  const instant = experimentsOf(lesson).filter(({ pace }) => pace === 'instant');
  it.each(instant.map((experiment) => [experiment.id, experiment] as const))(
    'shows experiment %s, the same twice',
    async (id, experiment) => {
      const options = completeOptions(experiment, {}, id);
      const findings = await experiment.run(host, options);
      expect(findings.figures.length).toBeGreaterThan(0);
      findings.figures.forEach(checkFigure);
      expect(await experiment.run(host, options)).toEqual(findings);
      await checkPlaces(experiment, findings.figures);
    },
  );

  it('accepts a right answer', async () => {
    const { exercise } = lesson;
    const verdict = await exercise.check(host, completeOptions(exercise, exercise.solution, 'the answer'));
    expect(verdict.words).not.toBe('');
    expect(verdict.right).toBe(true);
    verdict.figures.forEach(checkFigure);
  });

  it('rejects three typical wrong answers, each with a hint that fits', async () => {
    const { exercise } = lesson;
    expect(exercise.mistakes.length).toBeGreaterThanOrEqual(3);
    for (const { answer, hint } of exercise.mistakes) {
      const verdict = await exercise.check(host, completeOptions(exercise, answer, 'the answer'));
      expect(verdict.right).toBe(false);
      expect(verdict.words).toContain(hint);
      verdict.figures.forEach(checkFigure);
    }
  });

  const quick = claimsOf(lesson).filter(({ slow }) => !slow);
  it.each(quick.map((claim) => [claim.text, claim] as const))('claims: %s', async (_text, { measure, between }) => {
    const measured = await measure(host);
    expect(measured).toBeGreaterThanOrEqual(between[0]);
    expect(measured).toBeLessThanOrEqual(between[1]);
  });

  it('names commands that exist, with options that they have', () => {
    expect(lesson.commands.length).toBeGreaterThan(0);
    for (const line of lesson.commands) {
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
      expect(words.slice(0, 2)).toEqual(['npx', 'fovea']);
      expect(parseCommandLine(words.slice(2), () => undefined)).toBeDefined();
    }
  });
});

describe('the programs of the lessons', () => {
  // Inside the package, because only there 'fovea' means this package.
  const folder = join(root, 'dist', '.course-types');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('have right types', () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { id, code } of lessons) writeFileSync(join(folder, `${id}.ts`), code);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.json',
        include: ['*.ts'],
        exclude: [],
        compilerOptions: { rootDir: '../..', noUnusedLocals: true },
      }),
    );
    const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
    const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect(stdout + stderr).toBe('');
  });

  it('stand in lessons of a file that says so', () => {
    // A lesson is a folder of its own with its text in index.ts.
    for (const { id } of lessons) {
      const text = readFileSync(join(root, 'src/core/workbench/course/lessons', id, 'index.ts'), 'utf8');
      expect(text).toContain(`id: '${id}'`);
    }
  });
});
