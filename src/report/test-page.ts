import { lastName } from '../core/formats/quote.ts';
import { escapeHtml } from '../core/workbench/page/escape.ts';
import { reportPage } from '../core/workbench/page/frame.ts';
import type { ReportContent } from '../core/workbench/report.ts';
import { chartStyle } from './chart-style.ts';
import { loadPlotter } from './plot.ts';
import { shellWord } from './shell-word.ts';
import { confusionSection, mistakesSection } from './test/mistakes.ts';
import { comparisonSection, robustnessSection } from './test/models.ts';
import { dataSection, modelSection, recipeSection, trainingSection } from './test/origin.ts';
import { testStyle } from './test/style.ts';
import { classesSection, figuresSection, keyFigures, slicesSection, verdict } from './test/summary.ts';
import { foreignSection, surenessSection } from './test/sureness.ts';

export interface TestPageOptions {
  /** Whether its commands are for a Windows terminal. */
  readonly windows?: boolean;
}

/** One page about a test that holds everything it shows. Names come from strangers: all are escaped. */
export async function testPage(content: ReportContent, { windows = false }: TestPageOptions = {}): Promise<string> {
  const { test } = content;
  const quote = (text: string): string => shellWord(text, windows);
  const plotter = await loadPlotter();
  const sections = [
    mistakesSection(content),
    confusionSection(content, plotter),
    classesSection(test),
    slicesSection(test),
    figuresSection(test),
    surenessSection(test, plotter),
    foreignSection(test, plotter),
    robustnessSection(test, plotter),
    comparisonSection(content),
    trainingSection(content, plotter, quote),
    modelSection(content),
    dataSection(content, quote),
    recipeSection(content, quote),
  ].filter((html) => html !== '');
  const links = sections.map((html) => {
    const [, id, title] = /^<section id="([^"]+)"><h2>([^<]*)<\/h2>/.exec(html)!;
    return `<li><a href="#${id}"><span>${title}</span></a></li>`;
  });
  const tiny = Math.max(...content.model.spec.input.slice(0, 2)) <= 64 ? ' class="tiny"' : '';
  return reportPage(
    `${escapeHtml(lastName(test.run))}: test`,
    `<header>
<h1>${escapeHtml(lastName(test.run))}</h1>
<p>${escapeHtml(test.model)}, tested on ${escapeHtml(test.at.slice(0, 10))}. ${verdict(test)}</p>
${keyFigures(test)}
</header>
<nav aria-label="Sections"><h2>Sections</h2><ul>${links.join('')}</ul></nav>
<main id="found" tabindex="-1"${tiny}>
${sections.join('\n')}
</main>
<footer><p>Made by Fovea ${escapeHtml(test.fovea)} on ${escapeHtml(test.at.slice(0, 10))}. Each figure is explained in docs/testing.md.</p></footer>`,
    chartStyle + testStyle,
  );
}
