import type { TrainingMemory } from '../../core/train/forecast.ts';
import type { TrainingDuration } from '../../core/train/forecast-duration.ts';
import type { WorkbenchEvent } from '../../core/workbench/verb.ts';
import type { CommandContext } from '../command.ts';
import { findingLines } from '../terminal/findings.ts';
import { bytes, count, duration, loss, percent, plural, rate } from '../terminal/numbers.ts';
import { createEstimate, createProgressLine } from '../terminal/progress.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { skippedLines } from './shared.ts';

/** Prints a training while it goes on. */
export function trainingReport({ terminal }: CommandContext): { show(event: WorkbenchEvent): void; clear(): void } {
  const paint = painter(terminal);
  const line = createProgressLine(terminal, () => performance.now());
  const estimate = createEstimate(() => performance.now());
  const skipped: { origin: string; reason: string }[] = [];
  let epochs = 0;
  let steps = 0;
  let shown = 0;
  const text = (lines: readonly string[]): void => {
    line.clear();
    for (const one of lines) terminal.out(one);
  };
  return {
    clear: line.clear,
    show(event) {
      switch (event.kind) {
        case 'reading':
          line.show(
            'Reading pictures',
            event.done / event.total,
            undefined,
            `${count(event.done)} of ${count(event.total)}`,
          );
          break;
        case 'fetch':
          line.show(harmless(event.file), event.done / (event.total ?? event.done + 1), undefined, bytes(event.done));
          break;
        case 'note':
          text(wrap(harmless(event.text), terminal.columns - 2, '  '));
          break;
        case 'diagnosis':
          text(findingLines(event.finding, terminal));
          break;
        case 'skipped':
          skipped.push(event);
          break;
        case 'run':
          text(skippedLines(skipped));
          break;
        case 'begin': {
          epochs = event.epochs;
          steps = event.stepsPerEpoch;
          const { trainImages, valImages, parameters, memory, duration: time, resumed } = event;
          const what = `Training ${plural(parameters, 'parameter')} on ${plural(trainImages, 'picture')}, validating on ${count(valImages)}; ${plural(steps, 'step')} an epoch.`;
          text([
            ...wrap(what, terminal.columns - 2, '  '),
            ...(memory ? wrap(memoryLine(memory), terminal.columns - 2, '  ') : []),
            ...(time ? wrap(timeLine(time), terminal.columns - 2, '  ') : []),
            ...(resumed
              ? [`Going on at epoch ${resumed.epoch}${resumed.step > 0 ? `, step ${resumed.step + 1}` : ''}.`]
              : []),
            '',
          ]);
          break;
        }
        case 'stage':
          text(wrap(stageLine(event), terminal.columns - 2, '  '));
          break;
        case 'step': {
          const share = ((event.epoch - 1) * steps + event.step) / (epochs * steps);
          const facts = `loss ${loss(event.loss)} · accuracy ${percent(event.accuracy)} · ${count(event.imagesPerSecond)} pictures/s`;
          line.show(`Epoch ${event.epoch}/${epochs}`, share, estimate(share), facts);
          break;
        }
        case 'validate':
          line.show(
            `Epoch ${event.epoch}/${epochs}`,
            event.epoch / epochs,
            undefined,
            `validating ${count(event.done)} of ${count(event.images)}`,
          );
          break;
        case 'epoch': {
          const { epoch, accuracy, valAccuracy, valLoss, learningRate, seconds } = event.record;
          if (shown++ % 20 === 0) {
            const titles = [
              'epoch'.padStart(7),
              'loss'.padStart(8),
              'val loss'.padStart(8),
              'accuracy'.padStart(8),
              'val acc.'.padStart(8),
              'lr'.padStart(9),
              'time'.padStart(8),
            ];
            text([paint('faint', titles.join('  '))]);
          }
          const cells = [
            `${epoch}/${epochs}`.padStart(7),
            paint('train', loss(event.record.loss).padStart(8)),
            paint('val', loss(valLoss).padStart(8)),
            paint('train', percent(accuracy).padStart(8)),
            paint('val', percent(valAccuracy).padStart(8)),
            rate(learningRate).padStart(9),
            duration(seconds).padStart(8),
          ];
          text([`${cells.join('  ')}${event.best ? `  ${paint('good', '▲ best')}` : ''}`]);
          break;
        }
      }
    },
  };
}

/** Which layers learn from here on, and what is computed once. */
function stageLine({
  epoch,
  parameters,
  frozenLayers,
  kept,
}: Extract<WorkbenchEvent, { readonly kind: 'stage' }>): string {
  if (frozenLayers === 0) return `From epoch ${epoch} on all layers learn: ${plural(parameters, 'parameter')}.`;
  const once =
    kept === 'none'
      ? 'what they make of a picture is computed in each epoch, since it would not fit'
      : kept === 'val'
        ? 'what they make of validation pictures is computed once, of training pictures in each epoch, since those are augmented anew'
        : 'what they make of a picture is computed once';
  return `From epoch ${epoch} on ${plural(parameters, 'parameter')} learn, and ${plural(frozenLayers, 'layer')} do not; ${once}.`;
}

/** How long it will take; every machine has moments in which it is slower. */
const timeLine = ({ seconds, secondsPerEpoch, measuredSteps }: TrainingDuration): string =>
  `Time: about ${duration(seconds)}, ${duration(secondsPerEpoch)} an epoch (foretold from ${plural(measuredSteps, 'step')}).`;

/** What a training will take, and which of it the engine. */
function memoryLine({ engine, pictures, batches, features, copies, total }: TrainingMemory): string {
  const host = `${bytes(pictures)} of pictures, ${bytes(batches)} of batches, ${features ? `${bytes(features)} of features of frozen layers, ` : ''}${bytes(copies)} of copies of the weights`;
  if (!engine) return `Memory: ${host}.`;
  const { weights, optimizer, workspace, threadScratch, memory } = engine;
  const parts = `weights ${bytes(weights)}, optimizer ${bytes(optimizer)}, activations and gradients ${bytes(workspace)}, threads ${bytes(threadScratch)}`;
  return `Memory: ${bytes(total)}, of which the engine ${bytes(memory)} (${parts}); ${host}.`;
}
