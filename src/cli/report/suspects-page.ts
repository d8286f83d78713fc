import { escapeCommand, escapeHtml } from '../../core/workbench/page/escape.ts';
import { reportPage } from '../../core/workbench/page/frame.ts';
import type { SuspectsOutcome } from '../../core/workbench/suspects.ts';
import { percent, plural } from '../terminal/numbers.ts';
import { findingArticle } from './finding.ts';
import { mostFindings, shownPictures } from './shown.ts';

/** The most doubtful labels with their pictures and the command that changes each. Names come from strangers: all are escaped. */
export function suspectsPage(found: SuspectsOutcome, pictures: ReadonlyMap<string, string>, made: string): string {
  const { data, name, classNames, findings, images, folds, accuracy, estimate, model, epochs } = found;
  const shown = shownPictures(findings);
  const facts = new Map(found.suspects.map(({ file, label }) => [file, { label: classNames.indexOf(label) }]));
  const content = { data, classNames, facts, pictures };
  const listed = findings.slice(0, mostFindings);
  const rest =
    findings.length > listed.length
      ? `<p class="rest">The first ${listed.length} of ${findings.length} are shown; <code>npx fovea data suspects ${escapeCommand(data)} --json</code> lists all.</p>`
      : '';
  const title = `${escapeHtml(name)}: labels that models doubt`;
  const summary = `${folds} models (${escapeHtml(model)}, ${plural(epochs, 'epoch')}) judged ${plural(images, 'picture')} that they had not seen, and give ${percent(accuracy)} the label they have. Labels against which another class is at least 20 times likelier are doubted; confident learning (Northcutt et al. 2021) puts the share of wrong labels at ${percent(estimate)}, which is too high where classes look alike. Look at each before you change it: a model may be wrong where the label is right.`;
  return reportPage(
    title,
    `<header><h1>${escapeHtml(name)}</h1><p>${summary}</p></header>
<main id="found" tabindex="-1">
<section><h2>Labels that models doubt <span class="count">${plural(findings.length, 'picture')}</span></h2>
${listed.length === 0 ? '<p class="well">No label is doubted.</p>' : ''}
${listed.map((finding) => findingArticle(finding, shown.get(finding) ?? [], content, true)).join('\n')}
${rest}
</section>
</main>
<footer><p>Made by <code>npx fovea data suspects ${escapeCommand(data)}</code> on ${escapeHtml(made)}. Fixes are kept beside the data and applied on reading; the files themselves are never changed.</p></footer>`,
  );
}
