import { type Part, parts } from '../../core/dataset/dataset.ts';
import type { Survey } from '../../core/dataset/facts.ts';
import { escapeHtml } from '../../core/workbench/page/escape.ts';
import { count } from '../terminal/numbers.ts';

/** Classes that are shown: a set may have thousands. */
const mostClasses = 100;

/** How many pictures each class has in each part, with a bar as long as its training pictures are many. */
export function classTable({ facts, classNames }: Pick<Survey, 'facts' | 'classNames'>): string {
  const there = parts.filter((part) => facts.some((fact) => fact.part === part));
  const counts = classNames.map(() => new Map<Part, number>());
  for (const { label, part } of facts) {
    if (part !== undefined) counts[label].set(part, (counts[label].get(part) ?? 0) + 1);
  }
  const lead = there[0];
  const most = Math.max(1, ...counts.map((own) => own.get(lead) ?? 0));
  const rows = classNames.slice(0, mostClasses).map((name, label) => {
    const cells = there.map((part) => `<td>${count(counts[label].get(part) ?? 0)}</td>`);
    const share = Math.round(((counts[label].get(lead) ?? 0) * 1000) / most) / 10;
    return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.join('')}<td class="bar" aria-hidden="true"><i style="width:${share}%"></i></td></tr>`;
  });
  const hidden = classNames.length - rows.length;
  return `<section id="classes">
<h2>Classes</h2>
<p class="advice">Pictures of each class${there.length > 1 ? ' in each part' : ''}. The bars compare the ${lead ?? ''} pictures.</p>
<table><thead><tr><th scope="col">Class</th>${there.map((part) => `<th scope="col">${part}</th>`).join('')}<td aria-hidden="true"></td></tr></thead>
<tbody>${rows.join('')}</tbody></table>
${hidden > 0 ? `<p class="rest">${count(rows.length)} of ${count(classNames.length)} classes are shown.</p>` : ''}
</section>`;
}
