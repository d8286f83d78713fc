import { z } from 'zod';
import { type Dataset, type Part, parts } from '../../dataset/dataset.ts';
import type { Logits } from '../../evaluate/logits.ts';
import { probabilitiesOf } from '../../evaluate/probabilities.ts';
import { parseJson } from '../../train/check.ts';
import { firstLargest } from '../../train/history.ts';
import { originAt } from '../pictures/fixed-data.ts';
import { readText, type Storage } from '../storage.ts';
import type { StudioContext } from './context.ts';
import type { OpenedData } from './opened-data.ts';
import type { PicturePrediction } from './select-pictures.ts';

/** What a run's model said of each picture of a part, kept in the run's folder. */
const predictionsSchema = z.object({
  format: z.literal('fovea-predictions'),
  version: z.literal(1),
  /** ISO 8601. */
  at: z.string(),
  /** Where the pictures come from, as the run's data are written down. */
  data: z.string(),
  part: z.enum(['train', 'val', 'test']),
  classNames: z.array(z.string()),
  /** Where each picture lies; its class, as a place in `classNames`; and the probability of every class. */
  pictures: z.array(z.object({ origin: z.string(), label: z.int(), probabilities: z.array(z.number()) })),
});
export type Predictions = z.infer<typeof predictionsSchema>;

export const predictionsFile = (storage: Storage, run: string, part: Part): string =>
  storage.join(run, `predictions.${part}.json`);

/** Probabilities keep six digits: a file of 10,000 pictures of 10 classes takes 1 MB. */
const digits = 1e6;

export async function writePredictions(
  storage: Storage,
  run: string,
  known: Pick<Predictions, 'at' | 'data' | 'part'>,
  { logits, labels }: Logits,
  dataset: Dataset,
  classNames: readonly string[],
): Promise<void> {
  const classes = classNames.length;
  const probabilities = probabilitiesOf(logits, classes);
  const pictures = Array.from(labels, (label, i) => ({
    origin: originAt(dataset, known.part, i),
    label,
    probabilities: Array.from(
      probabilities.subarray(i * classes, (i + 1) * classes),
      (p) => Math.round(p * digits) / digits,
    ),
  }));
  const predictions = { format: 'fovea-predictions', version: 1, ...known, classNames, pictures };
  await storage.write(predictionsFile(storage, run, known.part), `${JSON.stringify(predictions)}\n`);
}

/** What a run's model said of a part; undefined where it was not asked. */
export async function predictionsOfPart(storage: Storage, run: string, part: Part): Promise<Predictions | undefined> {
  const file = predictionsFile(storage, run, part);
  if ((await storage.kind(file)) !== 'file') return undefined;
  return parseJson(predictionsSchema, await readText(storage, file), `file '${file}'`);
}

/** All that a run's model said of pictures of these data, by origin; and the parts that it was asked about. */
export async function readPredictions(
  { host, runPath }: StudioContext,
  run: string,
  { place }: OpenedData,
): Promise<{ readonly asked: readonly Part[]; readonly said: ReadonlyMap<string, Required<PicturePrediction>> }> {
  const path = await runPath(run);
  const said = new Map<string, Required<PicturePrediction>>();
  const asked: Part[] = [];
  for (const part of parts) {
    const known = await predictionsOfPart(host.storage, path, part);
    if (!known || known.data !== place.id) continue;
    asked.push(part);
    for (const { origin, probabilities } of known.pictures) {
      const best = firstLargest(probabilities, 0, probabilities.length);
      said.set(origin, { predicted: known.classNames[best], probability: probabilities[best] });
    }
  }
  return { asked, said };
}
