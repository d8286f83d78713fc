import { escapeHtml } from '../../page/escape.ts';
import { experimentsOf, type Lesson } from '../lesson.ts';
import { readingMinutes } from '../reading.ts';
import type { ExpectedLesson } from './expect.ts';
import { claimInWords } from './numbers.ts';
import { type Phase, sessionMinutes, sessions } from './plan.ts';
import { answerHtml, proseHtml, shortHash } from './prose-html.ts';

/** The five sessions as tables. @param lessons all of the course: the plan names them by id. */
export function planSection(lessons: readonly Lesson[], linked: ReadonlySet<string>): string {
  const named = (id: string): Lesson => lessons.find((one) => one.id === id)!;
  const title = (id: string): string => {
    const { number, title: words } = named(id);
    const text = `Lesson ${number}: ${escapeHtml(words)}`;
    return linked.has(id) ? `<a href="#lesson-${id}">${text}</a>` : text;
  };
  const row = (phase: Phase): string =>
    phase.kind === 'lesson'
      ? `${title(phase.lesson)} <span class="soft">${partsOf(named(phase.lesson))} Short of time: leave out ${spareOf(named(phase.lesson), phase.spare)}, or show it once at the front.</span>`
      : `${escapeHtml(phase.what)} <span class="soft"><b>Expect:</b> ${escapeHtml(phase.expect)}</span>`;
  const tables = sessions.map(({ title: name, materials, phases, homework }, i) => {
    let at = 0;
    const rows = phases.map((phase) => {
      const minutes = phase.kind === 'lesson' ? named(phase.lesson).minutes : phase.minutes;
      at += minutes;
      return `<tr><td class="number">${at - minutes}–${at}</td><td>${row(phase)}</td></tr>`;
    });
    const sheets = phases.flatMap((phase) => (phase.kind === 'lesson' ? [named(phase.lesson).number] : []));
    return `<div class="session"><h3>Session ${i + 1}: ${escapeHtml(name)}</h3>
<p><b>Ready.</b> Worksheets ${sheets.join(', ')}; ${escapeHtml(materials)}.</p>
<table><thead><tr><th scope="col">minutes</th><th scope="col">what</th></tr></thead><tbody>${rows.join('')}</tbody></table>
${homework ? `<p><b>At home.</b> ${title(homework.lesson)}, with its worksheet. Bring ${escapeHtml(homework.bring)}.</p>` : ''}</div>`;
  });
  return `<section id="plan"><h2>Plan: ${sessions.length} sessions of ${sessionMinutes} minutes</h2>
<p>Learners work in pairs at one screen and change who types at each experiment. What they expect they write on the worksheet before they run it.</p>
${tables.join('')}</section>`;
}

/** An exercise with its mistakes takes about so many minutes. */
const exerciseMinutes = 5;

/** How the minutes of a lesson fall into parts. */
function partsOf(lesson: Lesson): string {
  const reading = readingMinutes(lesson);
  const experiments = experimentsOf(lesson).length;
  const trying = lesson.minutes - reading - exerciseMinutes;
  return `About ${reading} minutes to read, ${trying} for ${experiments === 1 ? 'the experiment' : `the ${experiments} experiments`} and what is measured, ${exerciseMinutes} for the exercise.`;
}

const spareOf = (lesson: Lesson, id: string): string =>
  `<i>${escapeHtml(experimentsOf(lesson).find((one) => one.id === id)!.title)}</i>`;

/** All hashes in one table, to be read aloud or compared at a glance; experiments on one network share a row. */
export function hashesSection(expected: readonly ExpectedLesson[]): string {
  const rows = new Map<string, { number: number; hash: string; titles: string[] }>();
  for (const { lesson, findings } of expected)
    for (const { experiment, hash } of findings) {
      if (hash === undefined) continue;
      const key = `${lesson.number} ${hash}`;
      const row = rows.get(key) ?? { number: lesson.number, hash, titles: [] };
      row.titles.push(escapeHtml(experiment.title));
      rows.set(key, row);
    }
  const lines = [...rows.values()].map(
    ({ number, hash, titles }) =>
      `<tr><td class="number">${number}</td><td>${titles.join(', ')}</td><td><code>${shortHash(hash)}</code></td><td class="whole"><code>${hash}</code></td></tr>`,
  );
  return `<section id="hashes"><h2>Hashes to expect</h2>
<p>Every training prints the hash of its weights. The same settings and the same seed give the same bits on every machine, in the terminal and in the browser. So a learner who changed nothing has exactly these; another hash means that a control was moved, or that the program is another version. Where several networks are trained, the first hash counts.</p>
<div class="scroll"><table><thead><tr><th scope="col">lesson</th><th scope="col">experiment</th><th scope="col">begins with</th><th scope="col" class="whole">whole</th></tr></thead><tbody>${lines.join('')}</tbody></table></div></section>`;
}

/** What learners are to find out, for whoever has to know it before. */
const keysHtml = ({ keys = [] }: Lesson): string =>
  keys
    .map(
      ({ title, columns, rows }) =>
        `<h3>${escapeHtml(title)} <span class="soft">(not for learners)</span></h3><div class="scroll"><table><thead><tr>${columns
          .map((name) => `<th scope="col">${escapeHtml(name)}</th>`)
          .join('')}</tr></thead><tbody>${rows
          .map((row) => `<tr>${row.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`)
          .join('')}</tbody></table></div>`,
    )
    .join('');

/** A lesson as its teacher needs it: aims, what to expect, answers, what learners believe. */
export function lessonSection({ lesson, findings, claims, solution, mistakes }: ExpectedLesson): string {
  const seen = findings.map(
    ({ experiment, figures, hash }) => `<li><b>${escapeHtml(experiment.title)}</b>${
      experiment.pace === 'instant' ? '' : ` <span class="soft">about ${experiment.pace.seconds} s</span>`
    }${hash === undefined ? '' : ` <span class="soft">hash <code>${shortHash(hash)}</code></span>`}
<ul>${figures.map(({ title, words }) => `<li>${escapeHtml(title)}: <span class="soft">${escapeHtml(words)}</span></li>`).join('')}</ul></li>`,
  );
  const measured = claims.map(
    (one) => `<li>${proseHtml(one.claim.text)} <span class="soft">${claimInWords(one)}</span></li>`,
  );
  return `<section id="lesson-${lesson.id}"><h2>${lesson.number}. ${escapeHtml(lesson.title)} <span class="count">${lesson.minutes} minutes</span></h2>
<h3>Aims</h3><p>Afterwards learners can</p><ul>${lesson.aims.map((aim) => `<li>${escapeHtml(aim)}</li>`).join('')}</ul>
<h3>What to expect</h3><ul class="seen">${seen.join('')}</ul>
${measured.length > 0 ? `<h3>Statements that learners measure</h3><ul>${measured.join('')}</ul>` : ''}
${keysHtml(lesson)}
<h3>Exercise</h3><p>${proseHtml(lesson.exercise.task)}</p>
<p><b>One that is right:</b> ${answerHtml(solution.answer)}. <span class="soft">${proseHtml(solution.words)}</span></p>
<p>Typical mistakes, and what the engine answers:</p>
<ul>${mistakes.map(({ answer, words }) => `<li>${answerHtml(answer)}: <span class="soft">${proseHtml(words)}</span></li>`).join('')}</ul>
<h3>What learners believe</h3><dl>${lesson.misconceptions
    .map(({ thought, help }) => `<div><dt><q>${escapeHtml(thought)}</q></dt><dd>${proseHtml(help)}</dd></div>`)
    .join('')}</dl>
</section>`;
}
