import { createClassifier } from '../../classifier/classifier.ts';
import { readClassifier, writeClassifier } from '../../classifier/file.ts';
import type { Adapters } from '../adapters.ts';
import { looksFile, readLooks } from '../looks.ts';
import { openRunFolder, type RunData, type RunDescription, runFiles } from '../run-folder.ts';

/** Where the data of a run lie here. */
export type LinkedData = Pick<RunData, 'source' | 'split' | 'store'>;

/** A run's description with its data where they lie here. */
export const linked = (description: RunDescription, data: LinkedData): RunDescription => ({
  ...description,
  data: { ...description.data, ...data },
});

/**
 * Writes down where a run's data lie: in its description, and in its models, which open their test pictures by it. Looks
 * at those pictures stay looks at them.
 */
export async function linkData({ storage }: Adapters, run: string, data: LinkedData): Promise<void> {
  const folder = openRunFolder(storage, run);
  const before = await folder.readDescription();
  for (const file of [runFiles.best, runFiles.last].map((name) => storage.join(run, name))) {
    if ((await storage.kind(file)) !== 'file') continue;
    const classifier = readClassifier(await storage.read(file), file);
    const { data: known } = classifier.origin;
    if (typeof known !== 'object' || known === null) continue;
    const origin = { ...classifier.origin, data: { ...known, ...data } };
    await storage.write(file, writeClassifier(createClassifier({ ...classifier, origin })));
  }
  const looks = storage.join(run, looksFile);
  const known = await readLooks(storage, looks);
  const moved = known.map((look) => (look.test === before.data.source ? { ...look, test: data.source } : look));
  if (moved.length > 0) await storage.write(looks, moved.map((look) => `${JSON.stringify(look)}\n`).join(''));
  await folder.writeDescription(linked(before, data));
}
