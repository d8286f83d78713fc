import { escapeHtml, escapePath, escapeUnbroken } from '../../core/workbench/page/escape.ts';

/** A section of a report. @param title text. @param body HTML. */
export const section = (id: string, title: string, words: string, body: string): string =>
  `<section id="${id}"><h2>${escapeHtml(title)}</h2>${words === '' ? '' : `<p>${words}</p>`}${body}</section>`;

/** A table; cells are HTML. `number` columns stand to the right. */
export function htmlTable(
  heads: readonly { readonly title: string; readonly number?: boolean }[],
  rows: readonly (readonly string[])[],
): string {
  const kind = (i: number): string => (heads[i].number ? ' class="number"' : '');
  const head = heads.map(({ title }, i) => `<th scope="col"${kind(i)}>${escapeHtml(title)}</th>`).join('');
  const body = rows
    .map((cells) => `<tr>${cells.map((cell, i) => `<td${kind(i)}>${cell}</td>`).join('')}</tr>`)
    .join('\n');
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/**
 * The widths in which a chart is drawn: a page's style shows the one that fits. @param natural it is shown as wide as it
 * was drawn, where there is room; else it fills the page.
 */
export function bothWidths(draw: (width: number) => string, natural = false): string {
  const kind = natural ? ' natural' : '';
  return `<div class="chart wide${kind}">${draw(860)}</div><div class="chart narrow${kind}">${draw(340)}</div>`;
}

/** A picture with what was said of it. Names are escaped here. */
export function pictureFigure(
  pictures: ReadonlyMap<string, string>,
  { origin, truth, said, detail }: { origin: string; truth: string; said: string; detail: string },
): string {
  const source = pictures.get(origin);
  const image = source
    ? `<img src="${escapeHtml(source)}" alt="Picture labelled ${escapeHtml(truth)}" decoding="async" width="96" height="96">`
    : '<span class="none">no picture</span>';
  return `<figure>${image}<figcaption><b>${escapeUnbroken(said)}</b><span>${escapeUnbroken(detail)}</span><span class="file">${escapePath(origin)}</span></figcaption></figure>`;
}

export const gallery = (figures: readonly string[]): string =>
  figures.length === 0 ? '' : `<div class="gallery">${figures.join('')}</div>`;
