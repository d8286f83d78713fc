import { engineBits } from '../../../train/bits.ts';
import { escapeHtml } from '../../page/escape.ts';
import { reportPage } from '../../page/frame.ts';
import type { CourseHost, Lesson } from '../lesson.ts';
import { type ExpectedLesson, expectLessons } from './expect.ts';
import { hashesSection, lessonSection, planSection } from './guide.ts';
import { teacherStyle } from './style.ts';
import { worksheet, worksheetSolution } from './worksheets.ts';

/** A page of a folder. */
export interface TeacherPage {
  readonly name: 'index.html' | 'worksheets.html' | 'solutions.html';
  readonly html: string;
}

export interface TeacherPages {
  /** All in one page that needs no other: the guide, the worksheets, their solutions. */
  readonly whole: string;
  /** The same as three pages, so that worksheets can be handed out without the solutions. */
  readonly folder: readonly TeacherPage[];
  readonly expected: readonly ExpectedLesson[];
}

/**
 * The teacher's pages: plan, aims, results and hashes to expect, misconceptions, worksheets. What is to be expected is
 * computed here and now, by the engine of the host. Equal engines give equal pages. @param all the course's lessons.
 * @param chosen of which results and sheets are made. @throws as `train`.
 */
export async function makeTeacherPages(
  host: CourseHost,
  all: readonly Lesson[],
  chosen: readonly Lesson[] = all,
): Promise<TeacherPages> {
  const expected = await expectLessons(host, chosen);
  const guide = guideParts(all, expected);
  const sheets = expected.map(worksheet).join('\n');
  const solutions = expected.map(worksheetSolution).join('\n');
  const parts = `<section class="part" id="sheets"><h2>Worksheets</h2><p>One sheet a lesson, each on a page of its own when printed.</p></section>${sheets}
<section class="part" id="solutions"><h2>Solutions of the worksheets</h2><p>What the engine gave when this page was made. Do not hand out.</p></section>${solutions}`;
  const listOf = (prefix: string): Link[] => expected.map(({ lesson }) => [`#${prefix}-${lesson.id}`, titleOf(lesson)]);
  return {
    expected,
    whole: page(
      guideTitle,
      guideIntro,
      [...guide.links, ['#sheets', 'Worksheets'], ['#solutions', 'Solutions']],
      guide.html + parts,
    ),
    folder: [
      {
        name: 'index.html',
        html: page(
          guideTitle,
          guideIntro,
          [...guide.links, ['worksheets.html', 'Worksheets'], ['solutions.html', 'Solutions']],
          guide.html,
        ),
      },
      {
        name: 'worksheets.html',
        html: page('Worksheets', 'To be printed: one sheet a lesson.', listOf('sheet'), sheets),
      },
      {
        name: 'solutions.html',
        html: page(
          'Solutions of the worksheets',
          'What the engine gave when this page was made.',
          listOf('solution'),
          solutions,
        ),
      },
    ],
  };
}

type Link = readonly [href: string, text: string];

const guideTitle = 'Teaching convolutional networks';
const guideIntro = `A plan with all results to expect. They were computed by the engine when this page was made (engine bits ${engineBits}), not typed in.`;
const titleOf = ({ number, title }: Lesson): string => `${number}. ${title}`;

function guideParts(all: readonly Lesson[], expected: readonly ExpectedLesson[]): { html: string; links: Link[] } {
  const linked = new Set(expected.map(({ lesson }) => lesson.id));
  const html = `${before}${planSection(all, linked)}${hashesSection(expected)}${expected.map(lessonSection).join('\n')}`;
  const links: Link[] = [
    ['#before', 'Before you begin'],
    ['#plan', 'Plan'],
    ['#hashes', 'Hashes to expect'],
    ...expected.map(({ lesson }): Link => [`#lesson-${lesson.id}`, titleOf(lesson)]),
  ];
  return { html, links };
}

const before = `<section id="before"><h2>Before you begin</h2><ul>
<li>Nothing here needs a network once the program is installed: <code>npx fovea studio</code> opens the course in a browser, and the folder that <code>npm run build:site</code> writes is the same as a static site for a classroom.</li>
<li>All data of the lessons is drawn by the program from seeds. Learners’ own photos stay on their machines.</li>
<li>No experiment takes longer than 20 seconds on two cores; each has progress and a way to stop.</li>
<li>Progress, notes and the score of the fault lab stay with each learner; <b>Save progress and notes as a file</b> in the course gives them to you, <b>Bring such a file</b> shows them.</li>
<li>Print the worksheets before the first session. This page, its sheets and the lessons are in English.</li>
</ul></section>`;

/** @param links to what stands on the page, or beside it. */
function page(title: string, intro: string, links: readonly Link[], html: string): string {
  const list = links.map(([href, text]) => `<li><a href="${href}"><span>${escapeHtml(text)}</span></a></li>`);
  return reportPage(
    `${escapeHtml(title)} · Fovea`,
    `<header><h1>${escapeHtml(title)}</h1><p>${escapeHtml(intro)}</p></header>
<nav aria-label="On this page"><h2>On this page</h2><ul>${list.join('')}</ul></nav>
<main id="found" tabindex="-1">${html}</main>`,
    teacherStyle,
  );
}
