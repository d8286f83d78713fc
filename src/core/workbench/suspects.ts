import type { Dataset, Part } from '../dataset/dataset.ts';
import { subset } from '../dataset/dataset.ts';
import type { Finding } from '../dataset/findings.ts';
import { dealFolds } from '../dataset/folds.ts';
import { originOf } from '../dataset/leak-gate.ts';
import { joinPixels } from '../dataset/pixels.ts';
import { mismatch } from '../errors.ts';
import { findLabelErrors } from '../evaluate/confident-learning.ts';
import { readLogits } from '../evaluate/logits.ts';
import { predictionsOf, rightOf } from '../evaluate/predictions.ts';
import { probabilitiesOf } from '../evaluate/probabilities.ts';
import { chooseRecipe } from '../train/choose-recipe.ts';
import type { Adapters } from './adapters.ts';
import { train } from './train-model.ts';
import { openSource } from './training-data.ts';
import type { VerbOptions } from './verb.ts';
import { withEngine } from './with-engine.ts';

export interface SuspectsRequest {
  readonly data: string;
  /** How many models are trained, each on all pictures but a part, which it then judges. Default 4. */
  readonly folds?: number;
  /** Of each training; default half of what a training would take, since a long one learns wrong labels by heart. */
  readonly epochs?: number;
  /** A preset; default as in training. */
  readonly model?: string;
  readonly seed?: number;
  readonly threads?: number;
  readonly size?: { readonly height: number; readonly width: number };
}

/** A picture whose label is probably wrong. */
export interface SuspectedLabel {
  readonly file: string;
  readonly label: string;
  readonly suggested: string;
  /** Probabilities by a model that never saw this picture: of the suggested class, and of the label. */
  readonly probability: number;
  readonly ofLabel: number;
}

export interface SuspectsOutcome {
  readonly data: string;
  readonly name: string;
  readonly classNames: readonly string[];
  readonly images: number;
  readonly folds: number;
  readonly epochs: number;
  readonly model: string;
  /** Share of the pictures of which the models were right about the label, without having seen them. */
  readonly accuracy: number;
  /** Estimated share of wrong labels, by confident learning; too high where classes look alike. */
  readonly estimate: number;
  /** The surest first. */
  readonly suspects: readonly SuspectedLabel[];
  /** The same as findings, each with its way out. */
  readonly findings: readonly Finding[];
}

/**
 * Looks for wrong labels among the training and validation pictures: several models are trained, each judges the pictures
 * that it has not seen, and confident learning says which labels they disagree with. Test pictures are not looked at.
 * @throws FoveaError as training does.
 */
export async function suspectLabels(
  adapters: Adapters,
  request: SuspectsRequest,
  options: VerbOptions = {},
): Promise<SuspectsOutcome> {
  const { data, size } = request;
  const source = await openSource(adapters, data, { size, strict: false }, options);
  const sets = (['train', 'val'] as const satisfies readonly Part[]).flatMap((part) => {
    const dataset = source[part];
    return dataset ? [{ part, dataset }] : [];
  });
  if (sets.length === 0)
    throw mismatch('training pictures', `data set '${source.name}'`, 'none', 'It holds no train part');
  const dataset = join(sets.map((one) => one.dataset));
  const origins = sets.flatMap((one) =>
    Array.from({ length: one.dataset.count }, (_, i) => originOf(one.dataset, one.part, i)),
  );
  const { classNames, labels, count } = dataset;
  const { probabilities, recipe } = await judge(adapters, dataset, request, options);
  const { suspects: places, estimate } = findLabelErrors(probabilities, labels, classNames.length);
  const predictions = predictionsOf(probabilities, classNames.length);
  const right = rightOf(predictions, labels).reduce((sum, one) => sum + one, 0);
  const suspects = places.map(
    ({ picture, label, suggested, probability, ofLabel }): SuspectedLabel => ({
      file: origins[picture],
      label: classNames[label],
      suggested: classNames[suggested],
      probability,
      ofLabel,
    }),
  );
  return {
    data,
    name: source.name,
    classNames,
    images: count,
    folds: request.folds ?? usualFolds,
    ...recipe,
    accuracy: right / count,
    estimate,
    suspects,
    findings: suspects.map(findingOf),
  };
}

/** Training and validation pictures are judged alike. */
function join(sets: readonly Dataset[]): Dataset {
  const [first] = sets;
  return {
    ...first,
    count: sets.reduce((sum, { count }) => sum + count, 0),
    pixels: joinPixels(sets.map(({ pixels }) => pixels)),
    labels: Int32Array.from(sets.flatMap(({ labels }) => [...labels])),
    origins: undefined,
    groups: sets.flatMap(({ groups, count }) => groups ?? new Array<undefined>(count).fill(undefined)),
  };
}

/** Probabilities of every picture by a model that was trained without it. */
async function judge(
  adapters: Adapters,
  dataset: Dataset,
  { folds = usualFolds, seed = 1, threads, model, epochs: wanted }: SuspectsRequest,
  { signal, onEvent }: VerbOptions,
): Promise<{ probabilities: Float64Array; recipe: { epochs: number; model: string } }> {
  const places = dealFolds(dataset, folds, seed);
  const classes = dataset.classNames.length;
  const probabilities = new Float64Array(dataset.count * classes);
  let recipe = { epochs: 0, model: '' };
  for (let fold = 0; fold < folds; fold++) {
    const indices = Array.from(places, (_, i) => i);
    const [seen, unseen] = [indices.filter((i) => places[i] !== fold), indices.filter((i) => places[i] === fold)];
    if (unseen.length === 0 || seen.length === 0) throw tooFew(dataset, folds);
    const [training, judged] = [subset(dataset, seen), subset(dataset, unseen)];
    const epochs = wanted ?? Math.max(1, Math.ceil(chooseRecipe(training, 0, { model, seed }).recipe.epochs / 2));
    await withEngine(adapters, threads, async (engine) => {
      const trained = await train({
        engine,
        // The judged pictures choose nothing: the last weights are taken, whatever their val loss.
        data: { train: training, val: judged },
        model,
        seed,
        epochs,
        signal,
        onEpoch: ({ epoch }) =>
          onEvent?.({
            kind: 'progress',
            doing: `Training model ${fold + 1} of ${folds}`,
            done: fold * epochs + epoch,
            total: epochs * folds,
          }),
      });
      signal?.throwIfAborted();
      recipe = { epochs, model: trained.recipe.modelName };
      const { logits } = await readLogits(engine, trained.last, judged, { signal });
      const own = probabilitiesOf(logits, classes);
      unseen.forEach((picture, i) => {
        probabilities.set(own.subarray(i * classes, (i + 1) * classes), picture * classes);
      });
    });
  }
  return { probabilities, recipe };
}

const tooFew = (dataset: Dataset, folds: number) =>
  mismatch(
    `at least ${folds} different pictures`,
    `data set '${dataset.name}'`,
    'fewer',
    'Add pictures, or use fewer folds',
  );

const usualFolds = 4;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function findingOf({ file, label, suggested, probability, ofLabel }: SuspectedLabel): Finding {
  return {
    kind: 'label-suspect',
    severity: 'warning',
    files: [file],
    evidence: `Labelled '${label}', but a model that never saw it gives '${suggested}' ${percent(probability)} and '${label}' ${percent(ofLabel)}.`,
    mends: [{ when: `it shows ${suggested}`, fixes: [{ fix: 'relabel', file, class: suggested }] }],
    advice: 'Look at each: a model may be wrong where the label is right.',
  };
}
