import { generateDigits } from '../../core/dataset/builtin/digits.ts';
import { pictureAt } from '../../core/dataset/dataset.ts';
import { nodeAdapters } from '../../node/adapters.ts';
import { encodePng } from '../../node/encode.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { duration } from '../terminal/numbers.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { printClassified } from './classify.ts';
import { countProgress, seedOption, shellWord, threadsOption } from './shared.ts';
import { runStudio } from './studio.ts';
import { printTest } from './test.ts';
import { finish } from './training-end.ts';
import { trainingReport } from './training-report.ts';

/** Enough to pass 98 % on the built-in digits within a minute on two cores. */
const epochs = 5;
const model = 'mnist-cnn';
const pictures = 10;

export const start: CommandDefinition = {
  name: 'start',
  group: 'beginning',
  doc: 'A first run, from data to classified pictures: trains on the built-in digits, tests, classifies.',
  arguments: [],
  options: [
    { flags: '--no-studio', doc: 'end after the run instead of serving the studio' },
    { flags: '--open', doc: 'opens the browser when the studio is served' },
    threadsOption,
    seedOption,
  ],
  examples: [['fovea start', 'everything once, in about a minute']],
  stopping: 'Ending the step and saving',

  async run(context, _args, { threads, seed, studio: serves, open, json: asJson }) {
    const { workbench, terminal, signal } = context;
    const paint = painter(terminal);
    const begin = performance.now();
    terminal.out(paint('strong', '1  Train: handwritten-looking digits, drawn by Fovea'));
    const report = trainingReport(context);
    const request = {
      data: 'digits',
      model,
      epochs,
      seed: seed as number | undefined,
      threads: threads as number | undefined,
    };
    const trained = await workbench.train(request, { signal, onEvent: report.show }).finally(report.clear);
    const done = finishTraining(context, trained);
    if (trained.status === 'interrupted') return done;

    terminal.out('');
    terminal.out(paint('strong', '2  Test: pictures that training never saw'));
    const testing = countProgress(context, 'Testing');
    const tested = await workbench
      .test(
        { run: trained.run, threads: request.threads },
        { signal, onEvent: (event) => event.kind === 'validate' && testing.show(event.done, event.images) },
      )
      .finally(testing.clear);
    printTest(context, tested);

    terminal.out('');
    terminal.out(paint('strong', '3  Classify: new pictures, one file each'));
    const folder = await writePictures(trained.run);
    const classified = await workbench.classify(
      { run: trained.run, paths: [folder], top: 2, threads: request.threads },
      { signal },
    );
    printClassified(context, classified);

    const seconds = (performance.now() - begin) / 1000;
    terminal.out('');
    terminal.out(`Done in ${duration(seconds)}. Everything lies in ${paint('strong', trained.run)}:`);
    for (const [name, what] of [
      ['best.safetensors', 'the model: weights, classes, preprocessing in one file'],
      ['metrics.jsonl', 'a line for each epoch'],
      ['run.json', 'the recipe: with it anyone gets the same weights, bit for bit'],
      ['pictures/', 'the digits that were classified'],
    ]) {
      terminal.out(`  ${name.padEnd(18)}${what}`);
    }
    terminal.out('Now your own pictures, one folder a class:');
    terminal.out(`  ${paint('strong', 'npx fovea train FOLDER')}`);
    terminal.out(`  ${paint('strong', `npx fovea classify ${harmless(shellWord(trained.run))} PICTURE…`)}`);
    const { accuracy, loss, interval, images } = tested;
    const json = { accuracy, loss, interval, images, run: trained.run, weights: trained.weights, seconds, classified };
    // Who asks for JSON waits for it: a program, which looks at no page.
    if (serves === false || asJson === true) return { json };
    terminal.out('');
    await runStudio(context, { open: open as boolean | undefined });
    return { json };
  },
};

/** As after `fovea train`, without the advice that comes at the end here. */
function finishTraining(context: CommandContext, trained: Parameters<typeof finish>[1]): ReturnType<typeof finish> {
  if (trained.status === 'interrupted') return finish(context, trained);
  const lines: string[] = [];
  const outcome = finish({ ...context, terminal: { ...context.terminal, out: (text) => lines.push(text) } }, trained);
  const advice = lines.findIndex((line) => line.startsWith('The run is in'));
  for (const line of lines.slice(0, advice < 0 ? undefined : advice)) context.terminal.out(line);
  return outcome;
}

/** Digits that neither training nor testing saw (another seed), enlarged so that a person can look at them. */
async function writePictures(run: string): Promise<string> {
  const { storage } = nodeAdapters;
  const folder = storage.join(run, 'pictures');
  await storage.makeFolder(folder);
  const { test } = generateDigits({ seed: 2026, train: 10, test: pictures });
  for (let i = 0; i < pictures; i++) {
    const picture = pictureAt(test!, i);
    const name = `digit-${test!.classNames[test!.labels[i]]}.png`;
    await storage.write(storage.join(folder, name), await encodePng(picture, 4));
  }
  return folder;
}
