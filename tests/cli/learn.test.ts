import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/command.ts';
import { parseCommandLine } from '../../src/cli/program.ts';
import { FoveaError } from '../../src/core/errors.ts';
import { lessonNamed } from '../../src/core/workbench/course/index.ts';
import { createWorkbench } from '../../src/core/workbench/workbench.ts';
import { createNodeAdapters } from '../../src/node/adapters.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea } from './fovea.ts';

const right = JSON.stringify(lessonNamed('convolution').exercise.solution);
const [mistake] = lessonNamed('convolution').exercise.mistakes;
const lab = (patient: string, mend: string): string[] => [
  'learn',
  '13',
  '--experiment',
  'lab',
  '--options',
  JSON.stringify({ patient, mend }),
];

interface Ran {
  readonly code: number;
  readonly stdout: string;
  /** What was wrong, as the command tells it. */
  readonly stderr: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON comes
  readonly json: any;
}

/** The command without a process of its own, since there are many to be run: one of each kind is started in earnest. */
async function run(...words: string[]): Promise<Ran> {
  const lines: string[] = [];
  const terminal = {
    out: (text: string) => lines.push(text),
    err: () => undefined,
    live: false,
    colour: false,
    columns: 80,
  };
  try {
    const asked = parseCommandLine(words, () => undefined)!;
    const workbench = createWorkbench(createNodeAdapters());
    const context = { workbench, terminal, signal: new AbortController().signal };
    const { json, exitCode = 0 } = await asked.command.run(context, asked.args, asked.options);
    return { code: exitCode, stdout: lines.join('\n'), stderr: '', json };
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return {
      code: error instanceof UsageError ? 2 : 1,
      stdout: lines.join('\n'),
      stderr: error.message,
      json: undefined,
    };
  }
}

describe('fovea learn', () => {
  const folder = temporaryFolder();
  const at = (place: string): string => join(folder, place);
  const told = (file: string) => JSON.parse(readFileSync(at(file), 'utf8'));
  /** A file of progress that a fault befell: a part of one, another program's, a list where an object should be. */
  const damaged = {
    'part.json': '{"format":"fovea-course-progress","version":1,"done":["pict',
    'other.json': '{"a":1}',
    'shapes.json': '{"format":"fovea-course-progress","version":1,"done":[],"notes":[],"scores":{"faults":{"A":3}}}',
  };

  beforeAll(() => {
    for (const [name, text] of Object.entries(damaged)) writeFileSync(at(name), text);
    mkdirSync(at('full.html'));
  });

  it('lists the lessons, and prints one as a program', async () => {
    const { code, json } = await run('learn', '--progress', at('none.json'));
    expect(code).toBe(0);
    expect(json.lessons).toHaveLength(14);
    const program = await run('learn', '3', '--code');
    expect(program.stdout).toBe(lessonNamed('convolution').code.trimEnd());
  });

  it('tells right from wrong by its exit code, and keeps what is right', async () => {
    const wrong = await fovea(folder, ['learn', '3', '--answer', JSON.stringify(mistake.answer)]);
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain(mistake.hint);
    expect(existsSync(at('fovea-course.json'))).toBe(false);
    const good = await run('learn', '3', '--answer', right, '--progress', at('kept/here.json'));
    expect(good.code).toBe(0);
    expect(good.stdout).toContain('Right.');
    expect(good.stdout).toContain(`Kept in ${at('kept/here.json')}`);
    expect(told('kept/here.json').done).toEqual(['convolution']);
    expect(readdirSync(at('kept'))).toEqual(['here.json']);
    expect((await run('learn', '--progress', at('kept/here.json'))).json.lessons[2].done).toBe(true);
  });

  it('keeps the score of the fault lab, and prints it', async () => {
    const file = ['--progress', at('score.json')];
    expect((await run(...lab('D', 'dead units'), ...file)).stdout).toContain('1 of 10 patients proved');
    const { code, stdout, json } = await run('learn', '13', '--score', ...file);
    expect(code).toBe(0);
    expect(json).toMatchObject({ proved: 1, score: { D: { named: 'dead units', proved: true, attempts: 1 } } });
    expect(stdout).toContain('Score: 1 of 10');
    expect(stdout).toMatch(/D +dead units +usual first weights +yes +1/);
    const none = await fovea(folder, ['learn', '3', '--score']);
    expect([none.code, none.stdout, none.stderr]).toEqual([
      2,
      '',
      expect.stringMatching(/^Expected a lesson that keeps a score for --score but received lesson 3/),
    ]);
  });

  it.each(Object.keys(damaged))(
    'says that %s is no progress, computes nothing, and leaves it as it is',
    async (file) => {
      for (const args of [['learn'], ['learn', '13', '--score'], ['learn', '3', '--answer', right], lab('A', 'leak')]) {
        const { code, stdout, stderr } = await run(...args, '--progress', at(file));
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toContain(`Expected progress of the course for '${at(file)}'`);
      }
      expect(readFileSync(at(file), 'utf8')).toBe(damaged[file as keyof typeof damaged]);
    },
  );

  it.each([
    ['a file in the way', 'other.json/x.json', 'a file stands where a folder should'],
    ['a folder', 'full.html', 'a folder. Name a file'],
    ['a device', '/dev/zero', 'something else'],
  ])('refuses to keep progress in %s before it computes', async (_, place, words) => {
    const file = place.startsWith('/') ? place : at(place);
    const { code, stdout, stderr } = await run('learn', '3', '--answer', right, '--progress', file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(words);
  });

  it("writes the teacher's page of a lesson, as a file and as a folder of three", async () => {
    const one = await run('learn', '5', '--teacher', at('made/page.html'));
    expect(one.code).toBe(0);
    expect(one.json.files).toEqual([at('made/page.html')]);
    expect(readdirSync(at('made'))).toEqual(['page.html']);
    // A folder may be called what it likes.
    const three = await run('learn', '5', '--teacher', at('full.html'));
    expect(three.code).toBe(0);
    const names = ['index.html', 'solutions.html', 'worksheets.html'];
    expect(readdirSync(at('full.html')).sort()).toEqual(names);
    expect(three.stdout.match(/^Written: .+\(\d+ kB\)$/gm)).toHaveLength(3);
    const guide = readFileSync(at('full.html/index.html'), 'utf8');
    for (const name of names.slice(1)) expect(guide).toContain(`href="${name}"`);
    // No link of a page leads nowhere.
    for (const file of ['made/page.html', ...names.map((name) => `full.html/${name}`)]) {
      const html = readFileSync(at(file), 'utf8');
      for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(html, file).toContain(`id="${id}"`);
    }
  });

  it.each([
    ['other.json/page.html', 1, 'Expected a folder that can be made'],
    ['other.json', 1, 'Expected a folder that can be made'],
    ['', 2, 'Expected FILE.html or a folder for --teacher'],
  ])(
    "says at once that the teacher's page cannot be written to '%s'",
    async (place, exit, words) => {
      const { code, stdout, stderr } = await run('learn', '--teacher', place && at(place));
      expect([code, stdout]).toEqual([exit, '']);
      expect(stderr).toContain(words);
    },
    5000,
  );

  it.each([
    [['99'], 1, "'99'"],
    [['3', '--options', '[1]', '--experiment', 'slide'], 2, 'Expected a JSON object'],
    [['3', '--experiment', 'slid'], 2, 'Expected one of slide, learned'],
    [['3', '--experiment', 'slide', '--options', '{"stride":9}'], 1, 'stride'],
    [['3', '--answer', '{"kernel":"<script>"}'], 1, 'kernel'],
  ])('names what is wrong with %j', async (args, exit, words) => {
    const { code, stdout, stderr } = await run('learn', ...args, '--progress', at('none.json'));
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toContain(words);
  });
});
