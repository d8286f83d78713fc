import type { PictureFacts } from '../../core/dataset/facts.ts';
import { type Finding, type FindingKind, findingKinds } from '../../core/dataset/findings.ts';
import type { Examination } from '../../core/workbench/doctor.ts';
import { escapeHtml } from './escape.ts';
import { fixLine } from './mend-line.ts';
import { pageStyle } from './style.ts';

/** What a page shows of one kind and of one finding: enough to judge, and no page of 100 megabytes. */
const mostFindings = 60;
const mostPictures = 24;

const titles: Readonly<Record<FindingKind, string>> = {
  unreadable: 'Files that cannot be read',
  'label-conflict': 'One picture, two classes',
  'split-leak': 'One picture in training and in testing',
  duplicate: 'Copies',
  'near-duplicate': 'Nearly copies',
  imbalance: 'Classes of very different size',
  blank: 'Blank pictures',
  'label-in-name': 'Named like another class',
  drift: 'Parts that differ',
  'mixed-colour': 'Grey among colour',
  'odd-size': 'Unusual sizes',
  'odd-aspect': 'Unusual shapes',
  turned: 'Stored turned',
};

/** The pictures that the page will show, by origin. */
export const shownFiles = ({ findings }: Pick<Examination, 'findings'>): string[] => [
  ...new Set(
    findingKinds.flatMap((kind) =>
      findings
        .filter((finding) => finding.kind === kind)
        .slice(0, mostFindings)
        .flatMap(({ files }) => files.slice(0, mostPictures)),
    ),
  ),
];

/**
 * One page that holds everything it shows. Names of files and classes come from strangers: all are escaped.
 * @param pictures data URIs by origin; a file without one is shown by name alone.
 */
export function doctorPage(found: Examination, pictures: ReadonlyMap<string, string>): string {
  const facts = new Map(found.survey.facts.map((fact) => [fact.origin, fact]));
  // Findings come the worst first.
  const kinds = [...new Set(found.findings.map(({ kind }) => kind))];
  const name = escapeHtml(found.name);
  const sections = kinds.map((kind) => section(kind, found, facts, pictures));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Doctor: ${name}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<p class="kicker">fovea data doctor</p>
<h1>${name}</h1>
<p>${summary(found)}</p>
</header>
${kinds.length === 0 ? '<p class="well">Nothing was found.</p>' : overview(kinds, found)}
<main>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function summary({ pictures, classNames, unreadable, parts }: Examination): string {
  const where = Object.entries(parts).map(([part, count]) => `${number(count)} ${part}`);
  const bad = unreadable > 0 ? `; ${number(unreadable)} cannot be read` : '';
  return `${number(pictures)} pictures in ${classNames.length} classes (${where.join(', ')})${bad}.`;
}

function overview(kinds: readonly FindingKind[], { findings }: Examination): string {
  const items = kinds.map((kind) => {
    const own = findings.filter((finding) => finding.kind === kind);
    const { severity } = own[0];
    return `<li><a href="#${kind}"><span class="mark ${severity}">${severity}</span><span>${titles[kind]}</span><b>${number(own.length)}</b></a></li>`;
  });
  return `<nav aria-label="Findings"><ul>${items.join('')}</ul></nav>`;
}

function section(
  kind: FindingKind,
  { findings, data, classNames }: Examination,
  facts: ReadonlyMap<string, PictureFacts>,
  pictures: ReadonlyMap<string, string>,
): string {
  const own = findings.filter((finding) => finding.kind === kind);
  const shown = own.slice(0, mostFindings);
  const rest = own.length - shown.length;
  const cards = shown.map((finding) => card(finding, data, classNames, facts, pictures));
  const sure = own.length > 1 && own.every(({ mends }) => mends.length === 1 && mends[0].when === undefined);
  const all = sure
    ? `<p class="all">All of them: <code>${escapeHtml(`${fixLine(data, { fixes: [] })} --mend ${kind}`)}</code></p>`
    : '';
  return `<section id="${kind}">
<h2>${titles[kind]} <span class="count">${number(own.length)}</span> <span class="mark ${own[0].severity}">${own[0].severity}</span></h2>
${own.length > 1 ? `<p class="advice">${escapeHtml(own[0].advice)}</p>` : ''}
${all}
${cards.join('\n')}
${rest > 0 ? `<p class="rest">${number(rest)} more: run the command with --json.</p>` : ''}
</section>`;
}

function card(
  finding: Finding,
  data: string,
  classNames: readonly string[],
  facts: ReadonlyMap<string, PictureFacts>,
  pictures: ReadonlyMap<string, string>,
): string {
  const { files, evidence, advice, mends } = finding;
  const shown = files.slice(0, mostPictures);
  const figures = shown.map((file) => figure(file, classNames, facts.get(file), pictures.get(file)));
  const more = files.length > shown.length ? `<p class="rest">and ${number(files.length - shown.length)} more</p>` : '';
  const commands = mends
    .filter(({ fixes }) => fixes.length <= mostPictures)
    .map(
      (mend) =>
        `<dt>${mend.when ? `If ${escapeHtml(mend.when)}` : 'To mend it'}</dt><dd><code>${escapeHtml(fixLine(data, mend))}</code></dd>`,
    );
  return `<article>
<p class="evidence">${escapeHtml(evidence)}</p>
${figures.length > 0 ? `<div class="pictures">${figures.join('')}</div>` : ''}
${more}
${commands.length > 0 ? `<dl>${commands.join('')}</dl>` : `<p class="advice">${escapeHtml(advice)}</p>`}
</article>`;
}

function figure(
  file: string,
  classNames: readonly string[],
  fact: PictureFacts | undefined,
  source: string | undefined,
): string {
  const name = escapeHtml(file);
  // Small pictures are shown by their pixels, not blurred.
  const small = fact && Math.max(fact.width, fact.height) <= 64 ? ' class="small"' : '';
  const picture = source
    ? `<img src="${source}" alt="${name}" loading="lazy"${small}>`
    : '<span class="none">no picture</span>';
  const told = fact ? [classNames[fact.label], fact.part, fact.problem ? '' : `${fact.width}×${fact.height}`] : [];
  const line = told.filter((text) => text).map((text) => escapeHtml(text!));
  return `<figure>${picture}<figcaption><b>${line[0] ?? ''}</b><span>${line.slice(1).join(' · ')}</span><span class="file" title="${name}">${name}</span></figcaption></figure>`;
}

const number = (value: number): string => value.toLocaleString('en-US');
