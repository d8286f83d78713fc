import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { writeOption } from '../../src/core/layers/option-text.ts';
import { type Answer, experimentsOf, type Lesson } from '../../src/core/workbench/course/lesson.ts';

/** Opens a lesson afresh: nothing of an earlier answer or experiment is left. */
export async function openLesson(page: Page, { id, number, title }: Lesson): Promise<void> {
  await page.evaluate('location.hash = "#/course"');
  await page.waitForSelector('.lessons');
  await page.evaluate(`location.hash = "#/course/${id}"`);
  await page.waitForSelector(`h1:text-is("${number}. ${title}")`);
}

/** Gives an answer as a learner does, control by control, and hands back the verdict. */
export async function answerInPage(page: Page, lesson: Lesson, answer: Answer): Promise<string> {
  await openLesson(page, lesson);
  const panel = page.locator('section.experiment[aria-label="Exercise"]');
  for (const [name, value] of Object.entries(answer)) {
    const field = panel.locator('.field', { has: page.locator(`code:text-is("${name}")`) });
    const { type } = lesson.exercise.options[name];
    if (type === 'boolean') await field.locator('input').setChecked(value as boolean);
    else if (type === 'choice') await field.locator('select').selectOption(String(value));
    else await field.locator('input[type=text]').fill(writeOption(value));
  }
  await panel.locator('button[type=submit]').click();
  const verdict = panel.locator('.verdict');
  await verdict.waitFor({ timeout: 120_000 });
  return verdict.innerText();
}

/** Runs every experiment with what its controls show at first; hashes of what was trained, by experiment. */
export async function runExperiments(page: Page, lesson: Lesson): Promise<Record<string, string>> {
  await openLesson(page, lesson);
  const hashes: Record<string, string> = {};
  for (const { id, title, pace } of experimentsOf(lesson)) {
    const panel = page.locator(`section.experiment[aria-label="${title}"]`);
    if (pace !== 'instant') await panel.locator('button:has-text("Run it")').click();
    await panel.locator('.figure-block').first().waitFor({ timeout: 120_000 });
    // Told only once it is over.
    if (pace !== 'instant') await panel.locator('button:has-text("Run it")').waitFor({ timeout: 120_000 });
    expect(await panel.locator('.trouble').count(), id).toBe(0);
    const hash = panel.locator('p:has-text("Hash of the weights") code');
    hashes[id] = (await hash.count()) > 0 ? await hash.innerText() : '';
  }
  return hashes;
}
