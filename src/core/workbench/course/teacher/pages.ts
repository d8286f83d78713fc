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
  const parts = `<section class="part" id="sheets"><h2>Worksheets</h2><p>One sheet of paper a lesson, printed on both sides; each begins on a page of its own.</p></section>${sheets}
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
        html: page('Worksheets', 'To be printed on both sides: one sheet of paper a lesson.', listOf('sheet'), sheets),
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
<li><b>What learners need to know:</b> multiplying, negative numbers, a mean, reading a chart. No calculus, no programming. Lessons 8 and 9 use the ln key of a pocket calculator.</li>
<li><b>Machines:</b> one for two learners, with two cores and a browser of today; no graphics card. Nothing needs a network once the program is there. Either <code>npx fovea studio</code> on each (Node 20.19 or newer), which opens the course in a browser, or the folder that <code>npm run build:site</code> writes, put on the school’s web space: then each browser computes for itself and nothing is installed.</li>
<li><b>Try it beforehand</b> on one of those machines: lessons 1 to 3, about 40 minutes. The hashes below must come out; else make this page anew with the program that learners have.</li>
<li>All data of the lessons is drawn by the program from seeds. Learners’ own photos stay on their machines.</li>
<li>No experiment takes longer than 20 seconds on two cores; each has progress and a way to stop.</li>
<li><b>Print</b> the worksheets before the first session, on both sides: one sheet of paper a lesson. Keep the solutions and this page to yourself. All of it is in English, as the lessons are.</li>
<li><b>What you can collect:</b> the worksheets, on which expectations stand beside what was seen; the first eight letters of a hash, which show that a training was run; and each learner’s file of progress, notes and the score of the fault lab (<b>Save progress and notes as a file</b> in the course; <b>Bring such a file</b> shows it). A learner can edit that file: it is no examination.</li>
<li><b>Homework</b> needs the program at home, or the same folder on the web. Whoever has neither works on squared paper with the task of the exercise.</li>
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
