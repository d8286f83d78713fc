import type { PictureFacts } from '../../core/dataset/facts.ts';
import type { Finding } from '../../core/dataset/findings.ts';
import { escapeCommand, escapeHtml, escapePath, escapeUnbroken } from '../../core/workbench/page/escape.ts';
import { count } from '../terminal/numbers.ts';
import { fixLine, isPastable } from './mend-line.ts';

/** What is told of a picture besides its name. */
export type KnownOfPicture = Pick<PictureFacts, 'label'> &
  Partial<Pick<PictureFacts, 'part' | 'width' | 'height' | 'problem'>>;

/** What a finding is drawn from. */
export interface PageContent {
  /** The data, as they were named. */
  readonly data: string;
  readonly classNames: readonly string[];
  readonly facts: ReadonlyMap<string, KnownOfPicture>;
  /** Data URIs by origin; a file without one is shown by name alone. */
  readonly pictures: ReadonlyMap<string, string>;
}

/** Up to this many pictures stand beside the words, more below them. */
const beside = 3;

/**
 * One finding: what was found, its pictures and the ways out. @param shown the files whose pictures are shown.
 * @param advised its section gave the advice already.
 */
export function findingArticle(
  finding: Finding,
  shown: readonly string[],
  content: PageContent,
  advised: boolean,
): string {
  const { files, evidence, advice, mends } = finding;
  const seen = shown.some((file) => content.pictures.has(file));
  const figures = seen ? shown.map((file) => figure(file, content)) : [];
  const names = seen ? [] : shown.map((file) => `<li>${escapePath(file)}</li>`);
  const partly =
    files.length > shown.length
      ? `<p class="rest">${count(shown.length)} of ${count(files.length)} files are shown.</p>`
      : '';
  const commands = mends
    .filter(isPastable)
    .map(
      (mend) =>
        `<dt>${mend.when ? `If ${escapeHtml(mend.when)}` : 'To mend it'}</dt><dd><code>${escapeCommand(fixLine(content.data, mend))}</code></dd>`,
    );
  const kind = figures.length === 0 ? '' : figures.length <= beside ? ' class="beside"' : ' class="above"';
  return `<article${kind}>
<div class="words">
<p class="evidence">${escapeUnbroken(evidence)}</p>
${names.length > 0 ? `<ul class="names">${names.join('')}</ul>` : ''}
${partly}
${advised ? '' : `<p class="advice">${escapeHtml(advice)}</p>`}
</div>
${figures.length > 0 ? `<div class="pictures">${figures.join('')}</div>` : ''}
${commands.length > 0 ? `<dl>${commands.join('')}</dl>` : ''}
</article>`;
}

function figure(file: string, { classNames, facts, pictures }: PageContent): string {
  const fact = facts.get(file);
  const source = pictures.get(file);
  const name = escapePath(file);
  const label = fact && escapeHtml(classNames[fact.label]);
  const { width, height, problem } = fact ?? {};
  const size = width !== undefined && height !== undefined && problem === undefined ? { width, height } : undefined;
  // Small pictures are shown by their pixels, not blurred.
  const small = size && Math.max(size.width, size.height) <= 64 ? ' class="small"' : '';
  // What it shows nobody knows; the caption beside it says the rest.
  const alt = label === undefined ? 'Picture' : `Picture labelled ${label}`;
  const picture = source
    ? `<img src="${source}" alt="${alt}" decoding="async" width="112" height="112"${small}>`
    : '<span class="none">no picture</span>';
  const facing = [
    fact?.part === undefined ? '' : escapeHtml(fact.part),
    size
      ? `<span aria-hidden="true">${count(size.width)} × ${count(size.height)}</span><span class="heard">${size.width} by ${size.height} pixels</span>`
      : '',
  ].filter((text) => text !== '');
  return `<figure>${picture}<figcaption>${label === undefined ? '' : `<b>${label}</b>`}${facing.length > 0 ? `<span>${facing.join(' · ')}</span>` : ''}<span class="file">${name}</span></figcaption></figure>`;
}
