import { parts } from '../../core/dataset/dataset.ts';
import type { SourceKind } from '../../core/dataset/sources/content.ts';
import type { CommandDefinition } from '../command.ts';
import { count } from '../terminal/numbers.ts';
import { table, wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { dataOf, limitOptions, projectOf, projectOption, seedOption, skippedLines } from './shared.ts';

/** Kinds of data as a sentence names them. */
const kindNames: Readonly<Record<SourceKind, string>> = {
  store: 'a prepared store',
  'class-folders': 'class folders',
  list: 'lists of paths and labels',
  idx: 'IDX files',
  cifar: "CIFAR's binary files",
  numpy: 'NumPy arrays',
  parquet: 'Parquet files',
};

export const dataShow: CommandDefinition = {
  name: 'data show',
  group: 'data',
  doc: 'Shows what data hold, what they were taken for and why, and what was left out and why.',
  arguments: [
    {
      name: '[data]',
      doc: 'a folder, an archive (.zip, .tar, .tar.gz), a file (.npz, .parquet, .csv, .jsonl), or a built-in set (digits, shapes)',
    },
  ],
  options: [
    { flags: '--verify', doc: 'read a prepared store through and compare it with its hashes' },
    projectOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea data show photos', 'counts the pictures of each class'],
    ['fovea data show cifar-10-binary.tar.gz', 'looks into an archive without unpacking it'],
  ],

  async run(context, [data], { seed, verify, project: named }) {
    const { workbench, terminal, signal } = context;
    const project = await projectOf(context, named);
    const request = {
      seed: seed as number | undefined,
      verify: verify as boolean | undefined,
      signal,
      project,
    };
    const shown = await workbench.showData(dataOf(data, project, 'data show'), request);
    const paint = painter(terminal);
    const there = parts.filter((part) => shown.parts[part]);
    const { uniform, medianSide } = shown.sizes;
    const size = uniform ? `${uniform.height}x${uniform.width}` : `shorter side ${medianSide} in the median`;
    terminal.out(
      `${paint('strong', harmless(shown.name))}: ${shown.classNames.length} classes, ${shown.channels === 1 ? 'grey' : 'colour'} pictures, ${size}${shown.formats.length > 0 ? ` (${shown.formats.join(', ')})` : ''}`,
    );
    terminal.out('');
    const right = 'right' as const;
    const rows = shown.classNames.map((name, label) => [
      harmless(name),
      ...there.map((part) => count(shown.parts[part]!.classCounts[label])),
    ]);
    rows.push([paint('strong', 'all'), ...there.map((part) => paint('strong', count(shown.parts[part]!.count)))]);
    const columns = [{ title: 'class', limit: 40 }, ...there.map((part) => ({ title: part, align: right }))];
    for (const line of table(columns, rows)) terminal.out(line);
    terminal.out('');
    if (shown.understood) {
      const { kind, certainty } = shown.understood;
      terminal.out(`Taken for ${kindNames[kind]} (${certainty}), because:`);
    }
    for (const note of [...shown.notes, shown.chosen.why]) {
      for (const line of wrap(harmless(note), terminal.columns - 2, '  ')) terminal.out(line);
    }
    for (const line of skippedLines(shown.skipped)) terminal.out(line);
    return { json: shown };
  },
};
