import { escapeHtml } from '../../page/escape.ts';
import { claimsOf, type Lesson } from '../lesson.ts';
import type { ExpectedLesson } from './expect.ts';
import { sessionMinutes, sessions } from './plan.ts';
import { answerHtml, proseHtml, shortHash } from './prose-html.ts';
import { between } from './worksheets.ts';

/** The five sessions as tables. @param lessons all of the course: the plan names them by id. */
export function planSection(lessons: readonly Lesson[], linked: ReadonlySet<string>): string {
  const named = (id: string): Lesson => lessons.find((one) => one.id === id)!;
  const title = (id: string): string => {
    const { number, title: words } = named(id);
    const text = `Lesson ${number}: ${escapeHtml(words)}`;
    return linked.has(id) ? `<a href="#lesson-${id}">${text}</a>` : text;
  };
  const tables = sessions.map(({ title: name, phases, homework }, i) => {
    let at = 0;
    const rows = phases.map((phase) => {
      const minutes = phase.kind === 'lesson' ? named(phase.lesson).minutes : phase.minutes;
      const row = `<tr><td class="number">${at}–${at + minutes}</td><td>${
        phase.kind === 'lesson' ? title(phase.lesson) : escapeHtml(phase.what)
      }</td></tr>`;
      at += minutes;
      return row;
    });
    return `<h3>Session ${i + 1}: ${escapeHtml(name)}</h3>
<table><thead><tr><th scope="col">minutes</th><th scope="col">what</th></tr></thead><tbody>${rows.join('')}</tbody></table>
${homework ? `<p><b>At home.</b> ${title(homework.lesson)}. Bring ${escapeHtml(homework.bring)}.</p>` : ''}`;
  });
  return `<section id="plan"><h2>Plan: ${sessions.length} sessions of ${sessionMinutes} minutes</h2>
<p>Learners work in pairs at one screen and change who types at each experiment. The minutes of a lesson hold its reading, its experiments and its exercise.</p>
${tables.join('')}</section>`;
}

/** All hashes in one table, to be read aloud or compared at a glance. */
export function hashesSection(expected: readonly ExpectedLesson[]): string {
  const rows = expected.flatMap(({ lesson, findings }) =>
    findings.flatMap(({ experiment, hash }) =>
      hash === undefined
        ? []
        : [
            `<tr><td class="number">${lesson.number}</td><td>${escapeHtml(experiment.title)}</td><td><code>${shortHash(hash)}</code></td><td class="whole"><code>${hash}</code></td></tr>`,
          ],
    ),
  );
  return `<section id="hashes"><h2>Hashes to expect</h2>
<p>Every training prints the hash of its weights. The same settings and the same seed give the same bits on every machine, in the terminal and in the browser. So a learner who changed nothing has exactly these; another hash means that a control was moved, or that the program is another version.</p>
<div class="scroll"><table><thead><tr><th scope="col">lesson</th><th scope="col">experiment</th><th scope="col">begins with</th><th scope="col">whole</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

/** A lesson as its teacher needs it: aims, what to expect, answers, what learners believe. */
export function lessonSection({ lesson, findings, solution, mistakes }: ExpectedLesson): string {
  const seen = findings.map(
    ({ experiment, figures, hash }) => `<li><b>${escapeHtml(experiment.title)}</b>${
      experiment.pace === 'instant' ? '' : ` <span class="soft">about ${experiment.pace.seconds} s</span>`
    }${hash === undefined ? '' : ` <span class="soft">hash <code>${shortHash(hash)}</code></span>`}
<ul>${figures.map(({ title, words }) => `<li>${escapeHtml(title)}: <span class="soft">${escapeHtml(words)}</span></li>`).join('')}</ul></li>`,
  );
  const claims = claimsOf(lesson).map(
    ({ text, between: [low, high] }) => `<li>${proseHtml(text)} <span class="soft">${between(low, high)}.</span></li>`,
  );
  return `<section id="lesson-${lesson.id}"><h2>${lesson.number}. ${escapeHtml(lesson.title)} <span class="count">${lesson.minutes} minutes</span></h2>
<h3>Aims</h3><p>Afterwards learners can</p><ul>${lesson.aims.map((aim) => `<li>${escapeHtml(aim)}</li>`).join('')}</ul>
<h3>What to expect</h3><ul class="seen">${seen.join('')}</ul>
${claims.length > 0 ? `<h3>Statements that learners measure</h3><ul>${claims.join('')}</ul>` : ''}
<h3>Exercise</h3><p>${proseHtml(lesson.exercise.task)}</p>
<p><b>One that is right:</b> ${answerHtml(solution.answer)}. <span class="soft">${proseHtml(solution.words)}</span></p>
<p>Typical mistakes, and what the engine answers:</p>
<ul>${mistakes.map(({ answer, words }) => `<li>${answerHtml(answer)}: <span class="soft">${proseHtml(words)}</span></li>`).join('')}</ul>
<h3>What learners believe</h3><dl>${lesson.misconceptions
    .map(({ thought, help }) => `<div><dt><q>${escapeHtml(thought)}</q></dt><dd>${proseHtml(help)}</dd></div>`)
    .join('')}</dl>
</section>`;
}
