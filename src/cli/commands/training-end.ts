import type { TrainOutcome } from '../../core/workbench/train-request.ts';
import type { CommandContext, Outcome } from '../command.ts';
import { endingWords, lossWords } from '../loss-words.ts';
import { lossChart } from '../terminal/chart.ts';
import { diagnosisLines } from '../terminal/findings.ts';
import { count, loss, percent, plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { fromHere, resumeLine, shellWord } from './shared.ts';

/** The chart, the sums and what to do next. */
export function finish({ terminal }: CommandContext, outcome: TrainOutcome): Outcome {
  const { run, status, alreadyFinished, epochs, best, weights, split, leaks, imagesPerSecond, memory, testImages } =
    outcome;
  const { startWeights, diagnosis } = outcome;
  const paint = painter(terminal);
  const rows = epochs.map(({ loss: l, valLoss }) => ({ loss: l, valLoss }));
  if (best) {
    const chart = lossChart(
      {
        loss: rows.map((r) => r.loss),
        valLoss: rows.map((r) => r.valLoss),
        trainLoss: epochs.every(({ trainLoss }) => trainLoss !== undefined)
          ? epochs.map(({ trainLoss = Number.NaN }) => trainLoss)
          : undefined,
        best: best.epoch,
      },
      terminal,
    );
    if (chart.length > 0) for (const line of ['', ...chart]) terminal.out(line);
    terminal.out('');
    const speed = imagesPerSecond > 0 ? ` (${count(imagesPerSecond)} pictures/s in training)` : '';
    const sum = `Best epoch ${best.epoch}: val loss ${paint('val', loss(best.valLoss))}, val accuracy ${paint('val', percent(best.valAccuracy))}${speed}.`;
    for (const line of wrap(sum, terminal.columns - 2)) terminal.out(line);
    for (const words of [...endingWords(outcome), ...lossWords(epochs[epochs.length - 1], outcome.recipe)]) {
      for (const line of wrap(words, terminal.columns - 2)) terminal.out(line);
    }
    for (const line of diagnosisLines(diagnosis, terminal)) terminal.out(line);
  }
  const json: Record<string, unknown> = {
    run,
    epochs,
    best: best ?? null,
    status,
    diagnosis,
    weights,
    split: split ?? null,
    leaks,
    imagesPerSecond,
    memory: memory ?? null,
    startWeights: startWeights ?? null,
  };
  if (status === 'interrupted') {
    terminal.out(`Interrupted; everything is saved in ${harmless(run)}. Go on with:`);
    terminal.out(`  ${paint('strong', harmless(resumeLine(run)))}`);
    return { json: { ...json, interrupted: true, resume: resumeLine(run) }, exitCode: 1 };
  }
  if (alreadyFinished) {
    terminal.out(
      status === 'stopped-early'
        ? `This run stopped early already: ${plural(epochs.length, 'epoch')} done. To train on, ask for more patience:`
        : `This run was finished already: ${plural(epochs.length, 'epoch')} done. To train on, ask for more epochs:`,
    );
    const more =
      status === 'stopped-early'
        ? `--patience ${epochs.length - (best?.epoch ?? 0) + 3}`
        : `--epochs ${epochs.length * 2}`;
    terminal.out(`  ${paint('strong', harmless(`${resumeLine(run)} ${more}`))}`);
    return { json: { ...json, alreadyFinished: true } };
  }
  const name = harmless(shellWord(run));
  terminal.out(`The run is in ${harmless(run)}. What comes next:`);
  if (testImages > 0) terminal.out(`  ${paint('strong', `npx fovea test ${name}`)}`);
  terminal.out(`  ${paint('strong', `npx fovea classify ${name} PICTURE…`)}`);
  if (testImages === 0) {
    const advice =
      'There were no test pictures, so nobody knows yet how well it does. Set some aside, and train on the others:';
    for (const line of wrap(advice, terminal.columns - 2)) terminal.out(line);
    const data = harmless(shellWord(fromHere(outcome.data)));
    terminal.out(`  ${paint('strong', `npx fovea data split ${data}`)}`);
    terminal.out(`  ${paint('strong', `npx fovea train ${data} --split split.json`)}`);
  }
  return { json };
}
