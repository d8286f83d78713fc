import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Finding, FindingKind } from '../../src/core/dataset/findings.ts';
import { createWorkbench } from '../../src/core/workbench/workbench.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { describeWithData, temporaryFolder, unpack } from '../test-data.ts';
import { type Planted, plant } from './plant.ts';

const { examineData } = createWorkbench(nodeAdapters);
const copies: readonly FindingKind[] = ['label-conflict', 'split-leak', 'duplicate', 'near-duplicate'];

/** Pairs of files that findings call copies, `a | b` with a before b. */
const pairsOf = (findings: readonly Finding[]): Map<string, FindingKind> =>
  new Map(
    findings
      .filter(({ kind }) => copies.includes(kind))
      .flatMap(({ kind, files }) =>
        files.flatMap((a, i) => files.slice(i + 1).map((b) => [[a, b].sort().join(' | '), kind] as const)),
      ),
  );

describeWithData('cifar10/cifar10-small-png.tar.gz', 'doctor on planted defects', (archive) => {
  it('finds them and nothing else', async () => {
    const folder = join(unpack(archive, temporaryFolder()), 'cifar10-small');
    const own = pairsOf((await examineData({ data: folder })).findings);
    const planted = await plant(folder, 1);
    const { findings, survey } = await examineData({ data: folder });
    const pairs = pairsOf(findings);
    const filesOf = (kind: FindingKind): Set<string> =>
      new Set(findings.filter((finding) => finding.kind === kind).flatMap(({ files }) => files));
    const [unreadable, turned] = [filesOf('unreadable'), filesOf('turned')];

    const isFound = ({ what, file, source }: Planted): boolean => {
      const kind = source && pairs.get([file, source].sort().join(' | '));
      if (what === 'cut short') return unreadable.has(file);
      if (what === 'turned by EXIF') return turned.has(file) && kind === 'split-leak';
      return kind === (what === 'wrong label' ? 'label-conflict' : 'split-leak');
    };
    const meant = new Set(planted.flatMap(({ file, source }) => (source ? [[file, source].sort().join(' | ')] : [])));
    const falsePairs = [...pairs.keys()].filter((pair) => !meant.has(pair) && !own.has(pair));
    const falseOf = (found: ReadonlySet<string>, what: Planted['what']): number =>
      [...found].filter((file) => !planted.some((one) => one.what === what && one.file === file)).length;

    const rows = (['exact copy', 'encoded again', 'wrong label', 'turned by EXIF', 'cut short'] as const).map(
      (what) => {
        const all = planted.filter((one) => one.what === what);
        const found = all.filter(isFound).length;
        return { what, planted: all.length, found, missed: all.length - found };
      },
    );
    console.table(rows);
    console.log(
      `false alarms: ${falsePairs.length} of ${pairs.size} pairs called copies${falsePairs.map((pair) => `\n  ${pair}`)}`,
    );
    console.log(`copies that the set brings along: ${[...own.keys()].map((pair) => `\n  ${pair}`)}`);
    console.log(
      `missed: ${planted.filter((one) => !isFound(one)).map(({ file, source }) => `\n  ${file} of ${source}`)}`,
    );

    expect(survey.facts).toHaveLength(12_000 + 125);
    const share = (what: Planted['what']): number => {
      const row = rows.find((one) => one.what === what)!;
      return row.found / row.planted;
    };
    expect(share('exact copy')).toBe(1);
    expect(share('encoded again')).toBeGreaterThanOrEqual(0.95);
    expect(share('wrong label')).toBeGreaterThanOrEqual(0.95);
    expect(share('turned by EXIF')).toBeGreaterThanOrEqual(0.95);
    expect(share('cut short')).toBe(1);
    expect(falsePairs.length / pairs.size).toBeLessThanOrEqual(0.01);
    expect([falseOf(unreadable, 'cut short'), falseOf(turned, 'turned by EXIF')]).toEqual([0, 0]);
  });
});

describeWithData('photos/trashnet150.tar', 'doctor on TrashNet', (archive) => {
  it('finds the three label conflicts of byte-identical files and no other copies', async () => {
    const { findings } = await examineData({ data: archive });
    const names = ({ files }: Finding): string[] => files.map((file) => file.slice(file.lastIndexOf('/') + 1)).sort();
    const conflicts = findings.filter(({ kind }) => kind === 'label-conflict').map(names);
    expect(conflicts.sort()).toEqual([
      ['glass115.jpg', 'metal91.jpg'],
      ['glass176.jpg', 'plastic152.jpg'],
      ['glass389.jpg', 'plastic332.jpg'],
    ]);
    expect(findings.filter(({ kind }) => kind !== 'label-conflict' && copies.includes(kind))).toEqual([]);
  });
});
