import { FoveaError, invalid } from '../../core/errors.ts';
import { parsePlace } from '../../core/explain/arithmetic.ts';
import { drawPanel, drawSheet, sizeOfPanel } from '../../core/explain/draw/draw.ts';
import { drawMark } from '../../core/explain/draw/points.ts';
import { parseUnit, type Unit } from '../../core/explain/layers.ts';
import { methods } from '../../core/explain/methods/index.ts';
import type { Panel } from '../../core/explain/panel.ts';
import type { Picture } from '../../core/image/picture.ts';
import type { ExplainedPicture, Explaining } from '../../core/workbench/explain.ts';
import { encodePng } from '../../node/encode.ts';
import { fileStorage } from '../../node/storage.ts';
import { type CommandContext, type CommandDefinition, number, UsageError, wholeNumber } from '../command.ts';
import { type ExplainedSection, explainPage } from '../report/explain-page.ts';
import { arithmeticLines } from '../terminal/arithmetic-table.ts';
import { percent } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { countProgress, nameFrom, projectOf, projectOption, seedOption, threadsOption, turboOption } from './shared.ts';

const names = [...methods.map(({ name }) => name), 'arithmetic'];
const formats = ['png', 'html', 'json'] as const;

export const explain: CommandDefinition = {
  name: 'explain',
  group: 'classifying',
  doc: 'Shows what a trained network sees in pictures, and how each of its numbers came about.',
  arguments: [
    { name: '<run>', doc: "a run's folder, or a model's .safetensors or .onnx file" },
    { name: '[pictures...]', doc: 'picture files; filters and top-images need none' },
  ],
  options: [
    {
      flags: '--method <names>',
      doc: `one or more of ${names.join(', ')} (default grad-cam)`,
      parse: (text, flag) => text.split(',').map((name) => nameFrom(names)(name.trim(), flag)),
    },
    { flags: '--out <file>', doc: 'write a sheet: .png, .html (with words) or .json (with all numbers)' },
    { flags: '--class <name>', doc: 'the class to explain (default: the most likely one)' },
    { flags: '--layer <id>', doc: 'the layer to look at (default: as the method says)' },
    {
      flags: '--unit <unit>',
      doc: 'layer:channel@row,column, such as conv2:5@3,4, or layer:feature; for methods that ask about one unit',
      parse: (text) => parseUnit(text),
    },
    {
      flags: '--value <place>',
      doc: 'with arithmetic, instead of --unit: any number by name and place, such as conv1.weight[0,1,2,3] or loss',
      parse: (text) => parsePlace(text),
    },
    { flags: '--gradient', doc: 'with arithmetic: how its gradient came about, instead of the number' },
    {
      flags: '--of <what>',
      doc: "with --gradient: of the class's logit, or of the loss (default logit; of a weight always loss)",
      parse: nameFrom(['logit', 'loss']),
    },
    { flags: '--all', doc: 'with arithmetic: every term of long sums' },
    { flags: '--data <data>', doc: 'pictures to search with top-images (default: what the run was trained on)' },
    { flags: '--most <n>', doc: 'how many maps, filters or pictures to show at most', parse: wholeNumber(1, 1024) },
    { flags: '--steps <n>', doc: 'steps of a path or an ascent, or copies with noise', parse: wholeNumber(1, 10_000) },
    {
      flags: '--patch <share>',
      doc: "with occlusion: the patch's side as a share of the picture's (default 0.25)",
      parse: number({ above: 0, below: 1 }, '0.25'),
    },
    seedOption,
    threadsOption,
    turboOption,
    projectOption,
  ],
  examples: [
    ['fovea explain runs/photos-vgg6-bn-1 cat.jpg --out cat.html', 'where the network sees the class (Grad-CAM)'],
    ['fovea explain runs/mine cat.jpg --method feature-maps --layer conv2 --out maps.png', 'what a layer answers'],
    ['fovea explain runs/mine cat.jpg --method arithmetic --unit conv1:3@5,7', 'how one number came about'],
    ['fovea explain runs/mine cat.jpg --method arithmetic --value loss --class cat', 'the loss, where it is a cat'],
    ['fovea explain runs/mine --method filters --out filters.png', 'the weights of the first layer'],
  ],

  async run(context, [run, files], given) {
    const { workbench, terminal, signal } = context;
    const options = given as ExplainGiven;
    const out = options.out === undefined ? undefined : { file: options.out, format: formatOf(options.out) };
    const chosen = options.method ?? ['grad-cam'];
    if (chosen.includes('arithmetic') && !options.unit === !options.value)
      throw new UsageError(
        `Expected --unit or --value beside --method arithmetic but received ${options.unit ? 'both' : 'none'}`,
        'Such as --unit conv1:3@5,7, or --value conv1.weight[0,1,2,3]',
      );
    const project = await projectOf(context, options.project);
    const request = { run: run as string, data: options.data, threads: options.threads, project };
    const explaining = await workbench.explain(request, {
      onEvent: (event) => event.kind === 'note' && terminal.out(harmless(event.text)),
    });
    try {
      const answers = await answer(context, explaining, files as string[], chosen, options);
      if (out) await writeSheet(out, run as string, answers);
      if (out) terminal.out(`\nWritten to ${painter(terminal)('strong', harmless(out.file))}.`);
      signal.throwIfAborted();
      const failed = answers.some((one) => 'error' in one);
      return { json: { explanations: answers.map((one) => jsonOf(one, false)) }, exitCode: failed ? 1 : 0 };
    } finally {
      await explaining.close();
    }
  },
};

interface ExplainGiven {
  readonly method?: readonly string[];
  readonly out?: string;
  readonly class?: string;
  readonly layer?: string;
  readonly unit?: Unit;
  readonly value?: ReturnType<typeof parsePlace>;
  readonly gradient?: boolean;
  readonly of?: 'logit' | 'loss';
  readonly all?: boolean;
  readonly data?: string;
  readonly most?: number;
  readonly steps?: number;
  readonly patch?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly project?: string;
}

/** One question's answer: a method's panels, or an arithmetic. */
type Answer =
  | (Omit<ExplainedSection, 'images'> & { readonly pixels: Picture | undefined })
  | { readonly file: string; readonly error: string }
  | { readonly file: string; readonly arithmetic: Awaited<ReturnType<Explaining['arithmetic']>> };

function formatOf(file: string): (typeof formats)[number] {
  const ending = /\.([a-z]+)$/i.exec(file)?.[1].toLowerCase();
  const format = formats.find((one) => one === ending);
  if (format) return format;
  throw new UsageError(
    `Expected a file that ends in ${formats.map((one) => `.${one}`).join(', ')} for --out but received '${file}'`,
  );
}

async function answer(
  context: CommandContext,
  explaining: Explaining,
  files: readonly string[],
  chosen: readonly string[],
  options: ExplainGiven,
): Promise<Answer[]> {
  const { terminal, signal } = context;
  const answers: Answer[] = [];
  const needOf = (name: string): true | 'optional' | undefined =>
    name === 'arithmetic' ? true : methods.find((one) => one.name === name)?.needs.picture;
  const isAlone = (name: string): boolean =>
    needOf(name) !== true && (files.length === 0 || needOf(name) === undefined);
  const withPicture = chosen.filter((name) => !isAlone(name));
  if (withPicture.length > 0 && files.length === 0)
    throw new UsageError(
      `Expected a picture for method '${withPicture[0]}' but received none`,
      'Name one after the run, such as cat.jpg',
    );
  for (const name of chosen.filter(isAlone)) answers.push(await ask(context, explaining, name, undefined, options));
  for (const file of withPicture.length > 0 ? files : []) {
    signal.throwIfAborted();
    let picture: ExplainedPicture;
    try {
      picture = await explaining.openFile(file);
    } catch (error) {
      // The other files are explained all the same.
      if (!(error instanceof FoveaError) || files.length === 1) throw error;
      terminal.out(painter(terminal)('bad', harmless(error.message)));
      answers.push({ file, error: error.message });
      continue;
    }
    sayPredicted(context, explaining, file, picture);
    for (const name of withPicture) {
      if (name !== 'arithmetic') {
        answers.push(await ask(context, explaining, name, { file, ...picture }, options));
        continue;
      }
      const { unit, value, gradient, of } = options;
      const place = value ?? { unit: unit as Unit };
      const question = { picture: picture.picture, class: options.class, gradient, of, ...place };
      const arithmetic = await explaining.arithmetic(question);
      for (const line of arithmeticLines(arithmetic, options.all === true)) terminal.out(harmless(line));
      answers.push({ file, arithmetic });
    }
  }
  return answers;
}

function sayPredicted(
  { terminal }: CommandContext,
  { classNames }: Explaining,
  file: string,
  { predicted, probabilities }: ExplainedPicture,
): void {
  const name = painter(terminal)('strong', harmless(classNames[predicted]));
  terminal.out(`${harmless(file)}: ${name} (${percent(probabilities[predicted])})`);
}

async function ask(
  context: CommandContext,
  explaining: Explaining,
  name: string,
  opened: (ExplainedPicture & { readonly file: string }) | undefined,
  { class: wanted, layer, unit, most, seed, steps, patch }: ExplainGiven,
): Promise<Answer> {
  const { terminal, signal } = context;
  const method = explaining.methods.find((one) => one.name === name);
  if (!method) throw invalid('a method', '--method', name);
  const progress = countProgress(context, method.title);
  const question = { method: name, picture: opened?.picture, class: wanted, layer, unit, most, seed, steps, patch };
  const explanation = await explaining
    .explain(question, {
      signal,
      onEvent: (event) => event.kind === 'reading' && progress.show(event.done, event.total),
    })
    .finally(progress.clear);
  for (const text of explanation.words)
    for (const line of wrap(harmless(text), terminal.columns - 2, '  ')) terminal.out(line);
  const predicted = opened && {
    class: explaining.classNames[opened.predicted],
    probability: opened.probabilities[opened.predicted],
  };
  return { file: opened?.file, pixels: opened?.pixels, method, explanation, predicted };
}

const jsonOf = (one: Answer, numbers: boolean): unknown => {
  if (!('method' in one)) return one;
  const { method, explanation, file, predicted } = one;
  const { panels, ...found } = explanation;
  const told = panels.map((panel) => panelJson(panel, numbers));
  return { file, predicted, method: method.name, ...found, panels: told };
};

/** A panel without its pixels; with its numbers as lists where they are asked for. */
function panelJson(panel: Panel, numbers: boolean): unknown {
  const list = (values: Float32Array | Int32Array) => (numbers ? Array.from(values) : undefined);
  if (panel.kind === 'values') return { ...panel, over: undefined, values: list(panel.values) };
  if (panel.kind === 'points') return { ...panel, points: list(panel.points), labels: list(panel.labels) };
  return { ...panel, picture: undefined };
}

/** How large panels are drawn, about, by how many there are. */
const sideFor = (panels: number): number => (panels <= 2 ? 448 : panels <= 6 ? 288 : 112);

async function writeSheet(
  { file, format }: { readonly file: string; readonly format: (typeof formats)[number] },
  run: string,
  answers: readonly Answer[],
): Promise<void> {
  const drawn = answers.filter((one): one is Extract<Answer, { method: unknown }> => 'method' in one);
  if (format === 'json') {
    await fileStorage.write(
      file,
      `${JSON.stringify(
        answers.map((one) => jsonOf(one, true)),
        null,
        1,
      )}\n`,
    );
    return;
  }
  const panels = drawn.flatMap(({ explanation }) => explanation.panels);
  if (panels.length === 0) throw new UsageError('An arithmetic has no picture', 'Name a .json file, or read it here');
  if (format === 'png') {
    await fileStorage.write(file, await encodePng(drawSheet(panels, sideFor(panels.length))));
    return;
  }
  const sections = await Promise.all(
    drawn.map(async (one) => {
      const side = sideFor(one.explanation.panels.length);
      const images = await Promise.all(one.explanation.panels.map((panel) => encodePanel(panel, side)));
      const first = one.explanation.panels.find((panel) => panel.kind === 'points');
      const marks =
        first?.kind === 'points'
          ? await Promise.all(first.names.map(async (_, label) => toBase64(drawMark(label, 32))))
          : undefined;
      const showsIt = one.explanation.panels.some((panel) => panel.kind === 'picture');
      const original = one.pixels && !showsIt ? await toBase64(one.pixels) : undefined;
      return { ...one, images, marks, original };
    }),
  );
  await fileStorage.write(file, explainPage(run, sections));
}

async function encodePanel(panel: Panel, side: number): Promise<string> {
  const { height, width } = sizeOfPanel(panel);
  // A heatmap over a picture and a frame are finer than the picture; all else the page enlarges.
  const scale =
    (panel.kind === 'values' && panel.over) || panel.box ? Math.max(1, Math.round(side / Math.max(height, width))) : 1;
  return toBase64(drawPanel(panel, scale));
}

const toBase64 = async (picture: Picture): Promise<string> => Buffer.from(await encodePng(picture)).toString('base64');
