/** What takes longer of the course: every experiment, every slow claim, every program and every command line, run. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { completeOptions } from '../../src/core/layers/options.ts';
import { lessons } from '../../src/core/workbench/course/index.ts';
import { type CourseHost, claimsOf, experimentsOf } from '../../src/core/workbench/course/lesson.ts';
import { createEngine } from '../../src/node/engine.ts';
import { temporaryFolder } from '../test-data.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const host: CourseHost = { createEngine: () => createEngine() };

describe.each(lessons.map((lesson) => [lesson.id, lesson] as const))('lesson %s', (id, lesson) => {
  const long = experimentsOf(lesson).filter(({ pace }) => pace !== 'instant');
  it.each(long.map((experiment) => [experiment.id, experiment] as const))(
    'runs experiment %s',
    async (name, experiment) => {
      const begin = performance.now();
      const findings = await experiment.run(host, completeOptions(experiment, {}, name));
      const seconds = (performance.now() - begin) / 1000;
      console.log(
        `${id}, ${name}: ${seconds.toFixed(1)} s (${JSON.stringify(experiment.pace)} told), hash ${findings.hash}`,
      );
      expect(findings.figures.length).toBeGreaterThan(0);
    },
  );

  const slow = claimsOf(lesson).filter((claim) => claim.slow);
  it.each(slow.map((claim) => [claim.text, claim] as const))('claims: %s', async (text, { measure, between }) => {
    const measured = await measure(host);
    console.log(`${id}: ${text} Measured ${measured}`);
    expect(measured).toBeGreaterThanOrEqual(between[0]);
    expect(measured).toBeLessThanOrEqual(between[1]);
  });

  it('runs its program', () => {
    // Inside the package, because only there 'fovea' means this package.
    const folder = join(root, 'dist', `.course-${id}`);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'program.ts'), lesson.code);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'program.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).not.toBe('');
  });

  it('runs its command lines, one after the other', () => {
    const folder = temporaryFolder();
    for (const line of lesson.commands) {
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
      const { status, stderr } = spawnSync(process.execPath, [main, ...words.slice(2)], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect([line, status, status === 0 ? '' : stderr]).toEqual([line, 0, '']);
    }
  });
});
