import { escapeHtml } from '../../page/escape.ts';
import { glossary, type TermName } from '../glossary.ts';
import { claimsOf, type Lesson } from '../lesson.ts';
import { readProse } from '../prose.ts';
import type { ExpectedLesson } from './expect.ts';
import { claimInWords } from './numbers.ts';
import { answerHtml, proseHtml, shortHash } from './prose-html.ts';

const termsOnSheet = 4;

/** The terms that a lesson explains first, for learners to say in their own words. */
export function sheetTerms({ blocks }: Lesson): TermName[] {
  const terms = blocks.flatMap((block) =>
    block.kind === 'text' ? readProse(block.text).flatMap((span) => (span.kind === 'term' ? [span.term] : [])) : [],
  );
  return [...new Set(terms)].slice(0, termsOnSheet);
}

const lines = (count: number): string => '<span class="line"></span>'.repeat(count);
const titleOf = ({ number, title }: Lesson): string => `${number}. ${escapeHtml(title)}`;

/** A sheet of paper for a lesson: what to expect before it runs, what was seen, the exercise, terms, an opinion to answer. */
export function worksheet({ lesson, findings }: ExpectedLesson): string {
  const { id, exercise, misconceptions } = lesson;
  const tries = findings.map(
    ({ experiment, hash }) => `<li><b>${escapeHtml(experiment.title)}.</b> ${proseHtml(experiment.doc)}
<p class="ask">Before I run it, I expect: ${lines(1)}</p><p class="ask">I saw: ${lines(2)}</p>${
      hash === undefined
        ? ''
        : `<p class="ask">First eight letters of my hash: <span class="boxes">${'<i></i>'.repeat(8)}</span></p>`
    }</li>`,
  );
  const claims = claimsOf(lesson).map(
    ({ text }) => `<li>${proseHtml(text)} <span class="ask">I measured: <span class="blank"></span></span></li>`,
  );
  const terms = sheetTerms(lesson).map((term) => `<li><b>${escapeHtml(glossary[term][0])}</b> ${lines(1)}</li>`);
  return `<section class="sheet" id="sheet-${id}">
<h2>${titleOf(lesson)}</h2>
<p class="ask">Name <span class="blank wide"></span> Date <span class="blank"></span></p>
<h3>Try</h3><ol>${tries.join('')}</ol>
${claims.length > 0 ? `<h3>Measure</h3><ol>${claims.join('')}</ol>` : ''}
<h3>Solve</h3><p>${proseHtml(exercise.task)}</p>
<p class="ask">My answer: ${lines(1)}</p><p class="ask">What the engine said: ${lines(1)}</p>
<h3>Say it in your own words</h3><ul class="plain">${terms.join('')}</ul>
<h3>What do you answer?</h3><p><q>${escapeHtml(misconceptions[0].thought)}</q></p>${lines(3)}
</section>`;
}

/** What stands on the sheet when it is done rightly. */
export function worksheetSolution({ lesson, findings, claims, solution }: ExpectedLesson): string {
  const { id, misconceptions } = lesson;
  const tries = findings.map(
    ({ experiment, figures, hash }) =>
      `<li><b>${escapeHtml(experiment.title)}.</b> ${figures.map(({ words }) => escapeHtml(words)).join(' ')}${
        hash === undefined ? '' : ` Hash: <code>${shortHash(hash)}</code>.`
      }</li>`,
  );
  const measured = claims.map(
    (one) => `<li>${proseHtml(one.claim.text)} <span class="soft">${claimInWords(one)}</span></li>`,
  );
  const terms = sheetTerms(lesson).map((term) => {
    const [word, meaning] = glossary[term];
    return `<li><b>${escapeHtml(word)}</b>: ${escapeHtml(meaning)}</li>`;
  });
  return `<section class="sheet" id="solution-${id}">
<h2>${titleOf(lesson)}</h2>
<h3>Try</h3><ol>${tries.join('')}</ol>
${measured.length > 0 ? `<h3>Measure</h3><ol>${measured.join('')}</ol>` : ''}
<h3>Solve</h3><p>${answerHtml(solution.answer)}. ${proseHtml(solution.words)}</p>
<h3>Say it in your own words</h3><ul>${terms.join('')}</ul>
<h3>What do you answer?</h3><p><q>${escapeHtml(misconceptions[0].thought)}</q> ${proseHtml(misconceptions[0].help)}</p>
</section>`;
}
