import { type Finding, type FindingKind, findingKinds, type Severity } from '../../core/dataset/findings.ts';
import { plural } from '../terminal/numbers.ts';

/** How a kind is headed, and what its findings count: files, or pictures that occur in several files. */
const kinds: Readonly<Record<FindingKind, { readonly title: string; readonly counts: 'files' | 'findings' }>> = {
  unreadable: { title: 'Files that cannot be read', counts: 'files' },
  'label-conflict': { title: 'One picture, two classes', counts: 'findings' },
  'label-suspect': { title: 'Labels that models doubt', counts: 'files' },
  'split-leak': { title: 'One picture in two parts', counts: 'findings' },
  duplicate: { title: 'Copies', counts: 'findings' },
  'near-duplicate': { title: 'Near copies', counts: 'findings' },
  imbalance: { title: 'Sizes of classes', counts: 'findings' },
  blank: { title: 'Blank pictures', counts: 'files' },
  'label-in-name': { title: 'Named like another class', counts: 'files' },
  drift: { title: 'Parts that differ', counts: 'findings' },
  'mixed-colour': { title: 'Grey among colour', counts: 'files' },
  'odd-size': { title: 'Unusual sizes', counts: 'files' },
  'odd-aspect': { title: 'Unusual shapes', counts: 'files' },
  turned: { title: 'Stored turned', counts: 'files' },
};

/** What a severity means, as the heading of its findings. */
export const severities: Readonly<Record<Severity, { readonly title: string; readonly meaning: string }>> = {
  error: { title: 'Errors', meaning: 'results would be wrong' },
  warning: { title: 'Warnings', meaning: 'results suffer' },
  note: { title: 'Notes', meaning: 'worth knowing' },
};

/** Findings of one kind and severity: a section of the page. */
export interface Section {
  readonly id: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly title: string;
  /** `30 pictures`. */
  readonly count: string;
  readonly findings: readonly Finding[];
}

/** The sections of a page, the worst first. */
export const sectionsOf = (findings: readonly Finding[]): Section[] =>
  (Object.keys(severities) as Severity[]).flatMap((severity) =>
    findingKinds.flatMap((kind) => {
      const own = findings.filter((finding) => finding.severity === severity && finding.kind === kind);
      return own.length === 0 ? [] : [sectionOf(kind, severity, own)];
    }),
  );

function sectionOf(kind: FindingKind, severity: Severity, findings: readonly Finding[]): Section {
  // What the reader leaves out, such as a text among pictures, is no picture that fails.
  const title = kind === 'unreadable' && severity === 'note' ? 'Files left out' : kinds[kind].title;
  const files = findings.reduce((sum, one) => sum + one.files.length, 0);
  const value = kinds[kind].counts === 'files' ? files : findings.length;
  const noun = kind === 'unreadable' ? 'file' : kind === 'imbalance' || kind === 'drift' ? 'finding' : 'picture';
  return { id: `${severity}-${kind}`, kind, severity, title, count: plural(value, noun), findings };
}

/** Whether `fovea data fix --mend KIND` can take the way out of all findings. */
export const isSure = ({ findings }: Pick<Section, 'findings'>): boolean =>
  findings.every(({ mends }) => mends.length === 1 && mends[0].when === undefined);
