import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../../node/engine.ts';
import { lessonNamed, lessons } from '../index.ts';
import { experimentsOf } from '../lesson.ts';
import { makeTeacherPages } from './pages.ts';
import { sessionMinutes, sessions } from './plan.ts';

describe('the plan', () => {
  it('fills each session to the minute and has every lesson once, in their order but for homework', () => {
    for (const { title, phases } of sessions) {
      const minutes = phases.map((one) => (one.kind === 'lesson' ? lessonNamed(one.lesson).minutes : one.minutes));
      expect([title, minutes.reduce((a, b) => a + b, 0)]).toEqual([title, sessionMinutes]);
    }
    const taught = sessions.flatMap(({ phases }) =>
      phases.flatMap((one) => (one.kind === 'lesson' ? [one.lesson] : [])),
    );
    const spare = sessions.flatMap(({ phases }) =>
      phases.flatMap((one) => (one.kind === 'lesson' ? [[one.lesson, one.spare]] : [])),
    );
    for (const [id, experiment] of spare)
      expect(experimentsOf(lessonNamed(id)).map((one) => one.id)).toContain(experiment);
    const home = sessions.flatMap(({ homework }) => (homework ? [homework.lesson] : []));
    expect([...taught, ...home].sort()).toEqual(lessons.map(({ id }) => id).sort());
    expect(taught).toEqual(lessons.map(({ id }) => id).filter((id) => !home.includes(id)));
  });
});

describe("the teacher's pages", () => {
  it('hold what the engine gives, and keep solutions off the worksheets', async () => {
    const host = { createEngine: () => createEngine({ inline: true }) };
    const { whole, folder, expected } = await makeTeacherPages(host, lessons, [lessonNamed('convolution')]);
    const [{ findings, mistakes, solution }] = expected;
    expect(solution.right).toBe(true);
    expect(mistakes.map(({ right }) => right)).toEqual(mistakes.map(() => false));
    // A learner measures the same numbers, and they hold.
    const measured = expected[0].claims.flatMap((one) => (one.measured === undefined ? [] : [one]));
    expect(measured.length).toBeGreaterThan(0);
    for (const { claim, measured: value } of measured) expect(value).toBeGreaterThanOrEqual(claim.between[0]);
    const { hash } = findings.find(({ experiment }) => experiment.id === 'learned')!;
    const [guide, sheets, answers] = folder.map(({ html }) => html);
    for (const page of [whole, guide]) expect(page).toContain(hash);
    for (const page of [whole, guide, answers]) expect(page).toContain('kernel = ');
    expect(sheets).not.toContain('kernel = ');
    expect(sheets).toContain('id="sheet-convolution"');
    for (const page of [whole, guide, sheets, answers])
      expect(page).not.toMatch(/https?:\/\/|<script|\]\((term|source):/);
  });
});
