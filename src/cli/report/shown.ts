import type { Finding } from '../../core/dataset/findings.ts';
import { sectionsOf } from './sections.ts';

/**
 * What a page shows, so that it opens quickly however much was found: findings of one section, pictures of one finding,
 * and pictures in all (about 5 kB each).
 */
export const mostFindings = 50;
const mostPictures = 24;
const mostInAll = 1200;
/** What every finding may show before any shows more. */
const first = 2;

/**
 * The files that each finding shows pictures of, spread evenly over its own; findings that are not there are not shown
 * themselves. Where the page would grow too large, all findings show two pictures before the worst show more.
 */
export function shownPictures(findings: readonly Finding[]): ReadonlyMap<Finding, readonly string[]> {
  const listed = sectionsOf(findings).flatMap((section) => section.findings.slice(0, mostFindings));
  const counts = new Map<Finding, number>();
  let left = mostInAll;
  for (const most of [first, mostPictures]) {
    for (const finding of listed) {
      const had = counts.get(finding) ?? 0;
      const more = Math.min(left, Math.min(most, finding.files.length) - had);
      left -= more;
      counts.set(finding, had + more);
    }
  }
  return new Map([...counts].map(([finding, count]) => [finding, spread(finding.files, count)]));
}

const spread = (files: readonly string[], count: number): string[] =>
  Array.from({ length: count }, (_, i) => files[Math.floor((i * files.length) / count)]);

/** The pictures that the page will show, by origin. */
export const shownFiles = ({ findings }: { readonly findings: readonly Finding[] }): string[] => [
  ...new Set([...shownPictures(findings).values()].flat()),
];
