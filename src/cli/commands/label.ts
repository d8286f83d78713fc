import type { Labelling, Suggestion } from '../../core/workbench/label.ts';
import { type CommandContext, type CommandDefinition, number, type Outcome, UsageError } from '../command.ts';
import { labelByKeys } from '../label/session.ts';
import { count, percent, plural } from '../terminal/numbers.ts';
import { table, wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import {
  countProgress,
  limitOptions,
  projectOf,
  projectOption,
  seedOption,
  shellWord,
  skippedLines,
  threadsOption,
} from './shared.ts';

/** Suggestions that are listed where there is no terminal to show pictures on. */
const mostListed = 20;

export const label: CommandDefinition = {
  name: 'label',
  group: 'data',
  doc: 'Labels a pool of pictures with the help of a model, least certain first; the pool itself stays as it is.',
  arguments: [
    { name: '<run>', doc: "a run's folder, or a model's .safetensors file" },
    { name: '<pool>', doc: 'a folder or an archive of pictures without labels' },
  ],
  options: [
    {
      flags: '--accept-above <p>',
      doc: 'take the suggestion for all pictures whose likeliest class is at least so probable, as machine labels',
      parse: number({ above: 0, below: 1 }, '0.95'),
    },
    { flags: '--decisions <file>', doc: "labels from a table with columns 'file' and 'class' (CSV, TSV, JSONL)" },
    { flags: '--undo', doc: 'take the last decision back, or all that were made at once' },
    threadsOption,
    projectOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea label runs/photos-vgg6-bn-1 new', 'shows one picture after the other; labels go to new.labels.jsonl'],
    ['fovea label runs/photos-vgg6-bn-1 new --json', 'lists the suggestions, least certain first'],
    ['fovea label runs/photos-vgg6-bn-1 new --accept-above 0.98', 'takes what the model is sure of'],
  ],

  async run(context, [run, pool], { acceptAbove, decisions, undo, threads, project, json }) {
    const { workbench, terminal, signal } = context;
    const onEvent = (event: { kind: string; text?: string }): void => {
      if (event.kind === 'note')
        for (const line of wrap(harmless(event.text!), terminal.columns - 2)) terminal.out(line);
    };
    if (undo === true) {
      if (acceptAbove !== undefined || decisions !== undefined)
        throw new UsageError('Expected nothing beside --undo but received other options');
      const { file, undone, standing } = await workbench.undoLabel({ pool: pool as string }, { signal, onEvent });
      const what =
        undone.length === 1
          ? `the label of ${harmless(undone[0].file)}`
          : `${count(undone.length)} labels made at once`;
      terminal.out(`Taken back: ${what}. ${plural(standing, 'label')} in ${harmless(file)}.`);
      return { json: { file, undone, standing } };
    }
    const writes = acceptAbove !== undefined || decisions !== undefined;
    const keyboard = json === true || writes ? undefined : context.keyboard;
    const predicting = countProgress(context, 'Predicting the pool');
    const request = {
      run: run as string,
      pool: pool as string,
      threads: threads as number | undefined,
      project: await projectOf(context, project),
      readOnly: !writes && keyboard === undefined,
    };
    const labelling = await workbench
      .label(request, {
        signal,
        onEvent(event) {
          if (event.kind === 'reading') predicting.show(event.done, event.total);
          else onEvent(event);
        },
      })
      .finally(predicting.clear);
    try {
      if (keyboard) return await byKeys(context, labelling, keyboard.keys(signal), [run as string, pool as string]);
      const made = await decide(context, labelling, decisions as string | undefined, acceptAbove as number | undefined);
      if (!writes) list(context, labelling);
      next(context, labelling, pool as string);
      return { json: { ...describe(labelling), ...made } };
    } finally {
      await labelling.close();
    }
  },
};

async function byKeys(
  context: CommandContext,
  labelling: Labelling,
  keys: AsyncIterable<string>,
  [run, pool]: readonly [string, string],
): Promise<Outcome> {
  const { terminal } = context;
  const session = await labelByKeys(labelling, terminal, keys);
  const left = labelling.undecided().length;
  terminal.out('');
  terminal.out(
    `Labelled ${count(session.labelled)}, excluded ${count(session.excluded)}, skipped ${count(session.skipped)}; ${count(left)} without a label. Everything is saved.`,
  );
  if (left > 0) terminal.out(`To go on: npx fovea label ${harmless(shellWord(run))} ${harmless(shellWord(pool))}`);
  next(context, labelling, pool);
  return { json: { ...describe(labelling), ...session } };
}

/** Decisions from a file, then those that the model is sure of. */
async function decide(
  { workbench, terminal }: CommandContext,
  labelling: Labelling,
  file: string | undefined,
  above: number | undefined,
): Promise<{ decided?: number; accepted?: number }> {
  const made: { decided?: number; accepted?: number } = {};
  if (file !== undefined) {
    const decisions = await workbench.readDecisions(file, labelling);
    await labelling.decide(decisions);
    made.decided = decisions.length;
    terminal.out(`Took ${plural(decisions.length, 'decision')} from ${harmless(file)}.`);
  }
  if (above !== undefined) {
    const sure = labelling.undecided().filter(({ top }) => top[0].probability >= above);
    await labelling.decide(
      sure.map((one): [Suggestion, { class: string }] => [one, { class: one.top[0].class }]),
      'machine',
    );
    made.accepted = sure.length;
    const text = `Took the model's word for ${plural(sure.length, 'picture')} of probability ${above} and more. These are machine labels: nobody looked at them, and they are recorded as such. A test on them would only tell how well the model agrees with itself.`;
    for (const line of wrap(text, terminal.columns - 2)) terminal.out(line);
  }
  return made;
}

function list({ terminal }: CommandContext, labelling: Labelling): void {
  const open = labelling.undecided();
  const right = 'right' as const;
  const columns = [
    { title: 'picture', limit: Math.max(30, terminal.columns - 40) },
    { title: 'suggestion', limit: 30 },
    { title: 'probability', align: right },
    { title: 'margin', align: right },
  ];
  const rows = open
    .slice(0, mostListed)
    .map(({ file, top: [first], margin }) => [
      harmless(file),
      harmless(first.class),
      percent(first.probability),
      percent(margin),
    ]);
  if (rows.length > 0) for (const line of table(columns, rows)) terminal.out(line);
  if (open.length > mostListed) terminal.out(`and ${count(open.length - mostListed)} more`);
  terminal.out('Least certain first: by the margin between the two likeliest classes.');
}

/** What stands, and what it is good for. */
function next({ terminal }: CommandContext, labelling: Labelling, pool: string): void {
  const { labels, machine, excluded } = sums(labelling);
  for (const line of skippedLines(labelling.skipped)) terminal.out(line);
  if (labelling.copies > 0)
    terminal.out(`${plural(labelling.copies, 'file')} of the pool are copies of others and share their label.`);
  if (labels + excluded === 0) return;
  const paint = painter(terminal);
  const by = machine > 0 ? `, ${count(machine)} of them by the machine` : '';
  terminal.out(`${plural(labels, 'label')}${by}, ${count(excluded)} excluded, in ${harmless(labelling.file)}.`);
  if (labels > 0)
    terminal.out(`To train on them: ${paint('strong', `npx fovea data add DATA ${harmless(shellWord(pool))}`)}`);
}

function sums(labelling: Labelling): { labels: number; machine: number; excluded: number } {
  const decisions = labelling.pictures.flatMap((one) => labelling.decisionOf(one) ?? []);
  return {
    labels: decisions.filter((one) => one.label === 'class').length,
    machine: decisions.filter((one) => one.label === 'class' && one.by === 'machine').length,
    excluded: decisions.filter((one) => one.label === 'exclude').length,
  };
}

const describe = (labelling: Labelling) => ({
  labels: labelling.file,
  classNames: labelling.classNames,
  order: 'margin',
  pictures: labelling.pictures.length,
  copies: labelling.copies,
  skipped: labelling.skipped,
  standing: sums(labelling),
  suggestions: labelling.undecided().map(({ file, hash, top, margin }) => ({
    file,
    hash,
    class: top[0].class,
    probability: top[0].probability,
    margin,
    top: top.slice(0, 5),
  })),
});
