import { parseSetName } from '../../core/dataset/catalogue.ts';
import { FoveaError } from '../../core/errors.ts';
import type { FetchEvent, FetchedFile } from '../../core/workbench/download.ts';
import { type CommandContext, type CommandDefinition, number, type Outcome, UsageError } from '../command.ts';
import { bytes, plural } from '../terminal/numbers.ts';
import { createEstimate, createProgressLine } from '../terminal/progress.ts';
import { table, wrap } from '../terminal/table.ts';
import { harmless, painter, type Terminal } from '../terminal/terminal.ts';
import { seedOption, shellWord } from './shared.ts';

export const dataGet: CommandDefinition = {
  name: 'data get',
  group: 'data',
  doc: 'Fetches a data set by name, verifies it, and goes on where it was interrupted.',
  arguments: [
    {
      name: '[name]',
      doc: 'mnist, fashion-mnist, kmnist, cifar10, cifar100, imagenette, or hf:OWNER/NAME for a set of pictures on Hugging Face',
    },
  ],
  options: [
    { flags: '--list', doc: 'show the sets that are known by name, with sizes and licences; fetches nothing' },
    { flags: '--out <folder>', doc: 'folder for the files (default: data/NAME, where the name alone finds them)' },
    { flags: '--subset <name>', doc: 'of a set on Hugging Face that has several: which' },
    {
      flags: '--mirror <address>',
      doc: 'ask this address in the stead of the official ones, or several, with commas between; also FOVEA_MIRROR',
    },
    {
      flags: '--limit <gb>',
      doc: 'fetch no more than this, in GB (default 10)',
      parse: number({ above: 0, below: 1e5 }, '20'),
    },
    seedOption,
  ],
  examples: [
    ['fovea data get mnist', 'into data/mnist; then: npx fovea train mnist'],
    ['fovea data get hf:ylecun/mnist', 'a set of pictures on Hugging Face'],
    ['fovea data get mnist --mirror http://192.168.1.5:8000', 'from a data folder that another machine serves'],
  ],
  stopping: 'Stopping, what is fetched is kept',

  async run(context, [name], options) {
    if (options.list) return showList(context);
    if (name === undefined) throw new UsageError('Expected the name of a data set but received none', 'See --list');
    checkName(name as string);
    const { workbench, terminal, signal } = context;
    const show = progress(terminal);
    const mirrors = ((options.mirror as string | undefined) ?? process.env.FOVEA_MIRROR ?? '')
      .split(/[\s,]+/)
      .filter((one) => one !== '');
    const out = options.out as string | undefined;
    const fetched = await workbench
      .fetchData(
        {
          name: name as string,
          out,
          subset: options.subset as string | undefined,
          mirrors: mirrors.length > 0 ? mirrors : undefined,
          limit: options.limit === undefined ? undefined : (options.limit as number) * 1e9,
        },
        { signal, onEvent: show.event },
      )
      .finally(show.clear);
    if (fetched.stopped) {
      const { file, kept } = fetched.stopped;
      const again = ['npx fovea data get', ...process.argv.slice(4).map((word) => shellWord(word))].join(' ');
      terminal.err(`Interrupted at ${harmless(file)}; ${bytes(kept)} of it are kept. Go on with: ${again}\n`);
      return { json: { ...fetched, interrupted: true, resume: again }, exitCode: 1 };
    }
    for (const line of summary(fetched.files, fetched.leftOut)) terminal.out(line);
    terminal.out('');
    terminal.out(`See them:  npx fovea data show ${shellWord(fetched.data)}`);
    terminal.out(`Train:     npx fovea train ${shellWord(fetched.data)}`);
    return { json: fetched };
  },
};

/** A wrong name is a wrong command line. */
function checkName(name: string): void {
  try {
    parseSetName(name);
  } catch (error) {
    if (error instanceof FoveaError) throw new UsageError(error.message);
    throw error;
  }
}

function showList({ workbench, terminal }: CommandContext): Outcome {
  const sets = workbench.listSets();
  const rows = sets.map((set) => [set.name, bytes(set.bytes), set.doc]);
  for (const line of table([{ title: 'name' }, { title: 'size', align: 'right' }, { title: 'what' }], rows))
    terminal.out(line);
  terminal.out('');
  for (const { name, licence } of sets)
    for (const line of wrap(`${name}: ${licence}`, terminal.columns - 2, '  ')) terminal.out(line);
  terminal.out('');
  terminal.out('And hf:OWNER/NAME for a public set of pictures on huggingface.co/datasets.');
  return { json: { sets } };
}

function summary(files: readonly FetchedFile[], leftOut: readonly string[]): string[] {
  const size = bytes(files.reduce((sum, file) => sum + file.size, 0));
  const unverified = files.filter(({ verified }) => !verified).length;
  const checked =
    unverified === 0
      ? 'all checksums right'
      : `${unverified} of them without a checksum to compare with, which the server did not tell`;
  const lines = [`${plural(files.length, 'file')}, ${size}, ${checked}.`];
  if (leftOut.length > 0)
    lines.push(`Left out what is neither train, val nor test: ${leftOut.map(harmless).join(', ')}.`);
  return lines;
}

/** Seconds between lines where nobody watches. */
const lineSeconds = 10;

function progress(terminal: Terminal): { event(event: FetchEvent): void; clear(): void } {
  const clock = (): number => performance.now();
  const line = createProgressLine(terminal, clock);
  const paint = painter(terminal);
  const estimates = new Map<string, (share: number) => number | undefined>();
  let told = clock();
  return {
    clear: line.clear,
    event(event) {
      switch (event.kind) {
        case 'begin':
          terminal.out(`${paint('strong', event.name)} → ${harmless(event.folder)}`);
          for (const text of wrap(`Licence: ${event.licence}`, terminal.columns)) terminal.out(text);
          return;
        case 'failure':
          line.clear();
          terminal.err(`${harmless(event.address)}: ${harmless(event.reason)}\n`);
          return;
        case 'file':
          line.clear();
          terminal.out(describeFile(event.file));
          return;
        case 'progress': {
          // The set where its size is known, the file elsewhere.
          const { name: label, done, total } = event.set ?? { name: event.file, done: event.done, total: event.total };
          const share = total === undefined ? undefined : done / Math.max(1, total);
          const facts = `${bytes(done)}${total === undefined ? '' : ` of ${bytes(total)}`}`;
          if (!estimates.has(label)) estimates.set(label, createEstimate(clock));
          const left = share === undefined ? undefined : estimates.get(label)?.(share);
          line.show(harmless(label), share ?? 0, left, facts);
          if (!terminal.live && clock() - told > lineSeconds * 1000) {
            told = clock();
            terminal.err(`${harmless(label)}: ${facts}\n`);
          }
        }
      }
    },
  };
}

function describeFile({ path, size, address, resumedAt, verified }: FetchedFile): string {
  const from = address === undefined ? 'there already' : `from ${new URL(address).host}`;
  const resumed = resumedAt > 0 ? `, went on at ${bytes(resumedAt)}` : '';
  return `  ${harmless(path)}  ${bytes(size)} ${from}${resumed}${verified ? ', checksum right' : ''}`;
}
