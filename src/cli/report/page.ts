import type { Examination } from '../../core/workbench/doctor.ts';
import { escapeCommand, escapeHtml } from '../../core/workbench/page/escape.ts';
import { reportPage } from '../../core/workbench/page/frame.ts';
import { count, plural } from '../terminal/numbers.ts';
import { classTable } from './class-table.ts';
import { findingArticle, type PageContent } from './finding.ts';
import { fixLine, isPastable } from './mend-line.ts';
import { isSure, type Section, sectionsOf, severities } from './sections.ts';
import { mostFindings, shownPictures } from './shown.ts';

/**
 * One page that holds everything it shows. Names of files and classes come from strangers: all are escaped.
 * @param pictures data URIs by origin; a file without one is shown by name alone. @param made the day, for the foot.
 */
export function doctorPage(found: Examination, pictures: ReadonlyMap<string, string>, made: string): string {
  const { data, classNames, findings, survey } = found;
  const facts = new Map(survey.facts.map((fact) => [fact.origin, fact]));
  const sections = sectionsOf(findings);
  const shown = shownPictures(findings);
  const content: PageContent = { data, classNames, facts, pictures };
  const name = escapeHtml(found.name);
  return reportPage(
    `${name}: what the doctor found`,
    `<header>
<h1>${name}</h1>
<p>${summary(found)}</p>
</header>
${overview(sections)}
<main id="found" tabindex="-1">
${sections.length === 0 ? '<p class="well">Nothing conspicuous was found.</p>' : ''}
${sections.map((section) => findingsSection(section, shown, content)).join('\n')}
${classTable(survey)}
</main>
<footer>
<p>Made by <code>npx fovea data doctor ${escapeCommand(data)}</code> on ${escapeHtml(made)}. Fixes are kept beside the data and applied on reading; the files themselves are never changed.</p>
</footer>`,
  );
}

function summary({ pictures, classNames, unreadable, parts, findings }: Examination): string {
  const where = Object.entries(parts).map(([part, value]) => `${count(value)} ${part}`);
  const bad = unreadable > 0 ? `, ${count(unreadable)} cannot be read` : '';
  const told = sectionsOf(findings);
  const verdict = (Object.keys(severities) as (keyof typeof severities)[]).flatMap((severity) => {
    const kinds = told.filter((section) => section.severity === severity).length;
    return kinds === 0 ? [] : [plural(kinds, `kind of ${severity}`, `kinds of ${severity}s`)];
  });
  const sum = verdict.length === 0 ? '' : ` Found: ${verdict.join(', ')}.`;
  return `${plural(pictures, 'picture')} in ${plural(classNames.length, 'class', 'classes')} (${where.join(', ')})${bad}.${sum}`;
}

function overview(sections: readonly Section[]): string {
  const groups = (Object.keys(severities) as (keyof typeof severities)[]).map((severity) => {
    const own = sections.filter((section) => section.severity === severity);
    const { title, meaning } = severities[severity];
    const items = own.map(
      ({ id, title: text, count: told }) =>
        `<li><a href="#${id}"><span>${text}</span> <span class="count">${told}</span></a></li>`,
    );
    return own.length === 0
      ? ''
      : `<h2 class="${severity}">${title} <span>${meaning}</span></h2><ul>${items.join('')}</ul>`;
  });
  return `<nav aria-label="What was found">${groups.join('')}<h2>The set</h2><ul><li><a href="#classes"><span>Classes</span></a></li></ul></nav>`;
}

function findingsSection(section: Section, shown: ReturnType<typeof shownPictures>, content: PageContent): string {
  const { id, kind, severity, title, findings } = section;
  const listed = findings.slice(0, mostFindings);
  const [{ advice }] = findings;
  const advised = findings.every((finding) => finding.advice === advice);
  const long = findings.some(({ mends }) => !mends.every(isPastable));
  const command = `${fixLine(content.data, { fixes: [] })} --mend ${kind}`;
  const all =
    isSure(section) && (findings.length > 1 || long)
      ? `<dl class="all"><dt>To mend all of them</dt><dd><code>${escapeCommand(command)}</code></dd></dl>`
      : '';
  const rest =
    findings.length > listed.length
      ? `<p class="rest">The first ${count(listed.length)} of ${count(findings.length)} are shown; <code>npx fovea data doctor ${escapeCommand(content.data)} --json</code> lists all.</p>`
      : '';
  return `<section id="${id}">
<h2>${title} <span class="count">${section.count}</span> <span class="mark ${severity}">${severity}</span></h2>
${advised ? `<p class="advice">${escapeHtml(advice)}</p>` : ''}
${all}
${listed.map((finding) => findingArticle(finding, shown.get(finding) ?? [], content, advised)).join('\n')}
${rest}
</section>`;
}
