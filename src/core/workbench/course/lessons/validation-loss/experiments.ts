import { parseShorthand } from '../../../../model/shorthand.ts';
import type { Finding } from '../../../../train/diagnosis/finding.ts';
import type { BarsFigure, TableFigure } from '../../figure.ts';
import type { CourseHost, Experiment } from '../../lesson.ts';
import { digitParts, lossCurves, trainWatched, type WatchedTraining } from '../../watched-training.ts';
import { withEngine } from '../../with-engine.ts';
import { curveCases } from './curves.ts';

const shown = (value: number | undefined): string => (value ?? Number.NaN).toFixed(3);

export const threeLosses: Experiment = {
  id: 'three-losses',
  title: 'Three losses of one training',
  doc: 'Trains with dropout and shifted pictures. Set both to 0 and see which of the three curves moves.',
  options: {
    pictures: { type: 'integer', minimum: 100, maximum: 1000, default: 300, doc: 'Training pictures.' },
    dropout: {
      type: 'number',
      minimum: 0,
      maximum: 0.8,
      default: 0.5,
      doc: 'Share of units that each step leaves out.',
    },
    shift: {
      type: 'integer',
      minimum: 0,
      maximum: 4,
      default: 2,
      doc: 'Pixels by which pictures are shifted at most.',
    },
    epochs: { type: 'integer', minimum: 2, maximum: 20, default: 10, doc: 'How often it sees each picture.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 3 },
  async run(host, options) {
    const [pictures, dropout, shift] = [options.pictures as number, options.dropout as number, options.shift as number];
    const { trained, hash } = await withEngine(host, (engine) =>
      trainWatched(host, engine, digitParts({ train: pictures, val: 300 }), {
        model: parseShorthand('conv 8 5, relu, pool 2, flatten, linear 32, relu, linear'),
        dropout,
        augmentation: shift > 0 ? { crop: shift } : {},
        epochs: options.epochs as number,
        seed: options.seed as number,
      }),
    );
    const last = trained.history[trained.history.length - 1];
    const curves = lossCurves(
      'The three losses',
      trained.history,
      `After the last epoch: running loss ${shown(last.loss)}, train loss ${shown(last.trainLoss)}, val loss ${shown(last.valLoss)}.`,
      [{ name: 'running loss', points: trained.history.map(({ epoch, loss }) => [epoch, loss] as const) }],
    );
    const table: TableFigure = {
      kind: 'table',
      title: 'What each is measured on',
      columns: ['loss', 'pictures', 'weights', 'dropout, shifts', 'last'],
      rows: [
        ['running', 'training', 'change meanwhile', 'yes', shown(last.loss)],
        ['train', 'training', 'at the end', 'no', shown(last.trainLoss)],
        ['val', 'validation', 'at the end', 'no', shown(last.valLoss)],
      ],
      words:
        'Train loss and val loss differ in the pictures and in nothing else; so only these two make an honest gap.',
    };
    return {
      figures: [curves, table],
      numbers: {
        running: last.loss,
        train: last.trainLoss ?? Number.NaN,
        val: last.valLoss,
        valAccuracy: last.valAccuracy,
      },
      hash,
    };
  },
};

/** Runs one of the trainings that are to be read. */
export const runCase = (host: CourseHost, curve: number): Promise<WatchedTraining> => {
  const { parts, settings, model } = curveCases[curve - 1];
  return withEngine(host, (engine) =>
    trainWatched(host, engine, parts(), { seed: 1, ...settings, model: parseShorthand(model) }),
  );
};

const diagnosisTable = (findings: readonly Finding[]): TableFigure => ({
  kind: 'table',
  title: 'What the diagnosis says',
  columns: ['finding', 'why', 'what next'],
  rows:
    findings.length === 0
      ? [['none', 'No check found its sign.', 'Test it, once.']]
      : findings.map(({ kind, words, next }) => [kind, words, next.words]),
  words:
    findings.length === 0
      ? 'No finding: nothing in the record speaks against this training.'
      : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}, the gravest first: ${findings.map(({ kind }) => kind).join(', ')}.`,
});

export const readCurves: Experiment = {
  id: 'read-curves',
  title: 'Read twelve trainings',
  doc: 'Say aloud what you see and what was done. Then switch answer on, and run it again.',
  options: {
    curve: { type: 'integer', minimum: 1, maximum: curveCases.length, default: 1, doc: 'Which training.' },
    answer: { type: 'boolean', default: false, doc: 'Tell what was done, and what the diagnosis says.' },
  },
  pace: { seconds: 3 },
  async run(host, options) {
    const curve = options.curve as number;
    const { done, sign, finding } = curveCases[curve - 1];
    const { trained, findings, hash } = await runCase(host, curve);
    const { history } = trained;
    const last = history[history.length - 1];
    const accuracy: TableFigure = {
      kind: 'table',
      title: 'After the last epoch',
      columns: ['', 'loss', 'accuracy'],
      rows: [
        ['training pictures', shown(last.trainLoss), `${(100 * (last.trainAccuracy ?? 0)).toFixed(0)} %`],
        ['validation pictures', shown(last.valLoss), `${(100 * last.valAccuracy).toFixed(0)} %`],
      ],
      words: `Right on ${(100 * (last.trainAccuracy ?? 0)).toFixed(0)} % of training and ${(100 * last.valAccuracy).toFixed(0)} % of validation pictures.`,
    };
    const told: TableFigure = {
      kind: 'table',
      title: 'The answer',
      columns: ['what was done', 'how one sees it'],
      rows: [[done, sign]],
      words: done,
    };
    const named = finding === undefined ? findings.length === 0 : findings.some(({ kind }) => kind === finding);
    return {
      figures: [
        lossCurves(
          `Training ${curve}`,
          history,
          `From train loss ${shown(history[0].trainLoss)} and val loss ${shown(history[0].valLoss)} to ${shown(last.trainLoss)} and ${shown(last.valLoss)} in ${history.length} epochs. Guessing gives 2.303.`,
        ),
        accuracy,
        ...(options.answer ? [told, diagnosisTable(findings)] : []),
      ],
      numbers: {
        trainLoss: last.trainLoss ?? Number.NaN,
        valLoss: last.valLoss,
        valAccuracy: last.valAccuracy,
        named: named ? 1 : 0,
      },
      hash,
    };
  },
};

export const stopEarly: Experiment = {
  id: 'stop-early',
  title: 'When to stop',
  doc: 'Trains on 100 pictures, which is asking for trouble. Change the patience; compare the epoch that is kept with the last one.',
  options: {
    patience: { type: 'integer', minimum: 1, maximum: 40, default: 4, doc: 'Epochs to wait for a lower val loss.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 3 },
  async run(host, options) {
    const patience = options.patience as number;
    const { trained, hash } = await withEngine(host, (engine) =>
      trainWatched(host, engine, digitParts({ train: 100, val: 300 }), {
        model: parseShorthand('conv 8 5, relu, pool 2, flatten, linear'),
        epochs: 40,
        patience,
        batch: 16,
        learningRate: 0.004,
        schedule: { type: 'constant' },
        seed: options.seed as number,
      }),
    );
    const { history, best, status } = trained;
    const last = history[history.length - 1];
    const kept = best ?? last;
    const bars: BarsFigure = {
      kind: 'bars',
      title: 'Val loss of the weights that one could keep',
      unit: 'val loss',
      bars: [
        { name: `best, epoch ${kept.epoch}`, value: kept.valLoss },
        { name: `last, epoch ${last.epoch}`, value: last.valLoss },
      ],
      words: `Epoch ${kept.epoch} is kept, with val loss ${shown(kept.valLoss)}; the last epoch has ${shown(last.valLoss)}.`,
    };
    const end =
      status === 'stopped-early' ? `stopped after epoch ${last.epoch}` : `went through all ${last.epoch} epochs`;
    return {
      figures: [
        lossCurves('Losses until it stopped', history, `It ${end}; val loss was lowest after epoch ${kept.epoch}.`),
        bars,
      ],
      numbers: {
        epochs: history.length,
        best: kept.epoch,
        bestValLoss: kept.valLoss,
        lastValLoss: last.valLoss,
        bestValAccuracy: kept.valAccuracy,
        lastValAccuracy: last.valAccuracy,
      },
      hash,
    };
  },
};
