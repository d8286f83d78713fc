import { z } from 'zod';
import { type Classifier, createClassifier, type Preprocessing } from '../classifier/classifier.ts';
import { readClassifier, writeClassifier } from '../classifier/file.ts';
import { FoveaError, invalid, mismatch } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import { fitModes } from '../image/fit.ts';
import type { WeightReport } from '../model/match-weights.ts';
import { keptWeights } from '../train/averaging.ts';
import { parseJson } from '../train/check.ts';
import { dataFactsSchema } from '../train/diagnosis/facts.ts';
import { type Finding, findingSchema } from '../train/diagnosis/finding.ts';
import { bestEpoch, type EpochRecord, epochRecordSchema, formatMetrics } from '../train/history.ts';
import { parseRecipe, type Recipe } from '../train/recipe.ts';
import { type FileTensor, readSnapshot, type Snapshot, writeSnapshot } from '../train/state.ts';
import { formatTelemetry, type TelemetryRecord, telemetrySchema } from '../train/telemetry.ts';
import { type Lock, type LockHost, takeLock } from './lock.ts';
import { readText, type Storage } from './storage.ts';
import { foveaVersion } from './version.ts';

/** Names of a run's files; the same on every system. */
export const runFiles = {
  description: 'run.json',
  metrics: 'metrics.jsonl',
  telemetry: 'telemetry.jsonl',
  diagnosis: 'diagnosis.json',
  best: 'best.safetensors',
  last: 'last.safetensors',
  state: 'last.state.safetensors',
  /** The recorded split by which the pictures were dealt out, where the run was brought from elsewhere. */
  split: 'split.json',
  /** There while somebody trains. */
  lock: 'run.lock',
} as const;

export const runStatuses = ['running', 'finished', 'stopped-early', 'interrupted', 'failed'] as const;
export type RunStatus = (typeof runStatuses)[number];

const dataSchema = z.object({
  /** What opens the data again: a built-in name or an absolute path. */
  source: z.string(),
  name: z.string(),
  /** Hashes of the parts' contents; see hashDataset. */
  train: z.string(),
  val: z.string(),
  /** Counts of pictures. */
  images: z.object({ train: z.int(), val: z.int(), test: z.int() }),
  classNames: z.array(z.string()),
  skipped: z.int(),
  strict: z.boolean(),
  /** The recorded split by which the pictures were dealt out: its file, and its hash. */
  split: z.object({ file: z.string(), hash: z.string() }).optional(),
  /** The prepared store that the pictures came from: the hash of its index, and what it was prepared from. */
  store: z.object({ hash: z.string(), from: z.string() }).optional(),
  /** Pictures with a copy in a stricter part, and whether they stayed. */
  leaks: z.object({ count: z.int().min(0), kept: z.boolean() }).optional(),
  /** What of the pictures the diagnosis needs; absent in runs from before there was one. */
  facts: dataFactsSchema.optional(),
});
export type RunData = z.infer<typeof dataSchema>;

const lengthSchema = z.object({
  epochs: z.int().min(1),
  until: z.object({ epoch: z.int().min(1), step: z.int().min(0) }),
});
/** A training that was made longer: its recipe said `epochs` until that step of that epoch. */
export type EarlierLength = z.infer<typeof lengthSchema>;
const shapeSchema = z.array(z.int().min(0));
/** As `WeightReport` says. */
const weightsSchema = z.object({
  matched: z.array(z.string()),
  missing: z.array(z.string()),
  otherShape: z.array(z.object({ name: z.string(), expected: shapeSchema, received: shapeSchema })),
  newHead: z.array(z.string()),
  unused: z.array(z.string()),
  rounded: z.array(z.string()),
});

const runSchema = z.object({
  format: z.literal('fovea-run'),
  version: z.literal(1),
  /** The version of Fovea that began it. */
  fovea: z.string(),
  created: z.string(),
  updated: z.string(),
  status: z.enum(runStatuses),
  /** Why it failed. */
  error: z.string().optional(),
  /** Where numbers were no longer finite, if that is why. */
  failure: z.object({ epoch: z.int().min(1), step: z.int().min(0), layer: z.string().optional() }).optional(),
  data: dataSchema,
  recipe: z.unknown(),
  preprocessing: z.object({ fit: z.enum(fitModes), mean: z.array(z.number()), std: z.array(z.number()) }),
  /** Why it was chosen so, a sentence each. */
  why: z.array(z.string()),
  /** What identifies the bits that it was computed with, see `engineBits`; absent in runs from before it was recorded. */
  bits: z.string().optional(),
  /** Lengths that the training had before the recipe's `epochs`, the first one first. */
  earlier: z.array(lengthSchema).optional(),
  /** Which tensors of the weights that it began with were taken; absent where it began from the seed. */
  weights: weightsSchema.optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])),
  best: epochRecordSchema.optional(),
  epochsDone: z.int().min(0),
});

/** `diagnosis.json`. */
const diagnosisSchema = z.object({
  format: z.literal('fovea-diagnosis'),
  version: z.literal(1),
  fovea: z.string(),
  diagnosis: z.array(findingSchema),
});

/** `run.json`: everything about a run that is no number of an epoch and no weight. See docs/run-folder.md. */
export type RunDescription = Omit<z.infer<typeof runSchema>, 'recipe' | 'why' | 'weights'> & {
  readonly recipe: Recipe;
  readonly why: readonly string[];
  readonly weights?: WeightReport;
};

/** A run on disk. */
export interface RunFolder {
  readonly path: string;
  readDescription(): Promise<RunDescription>;
  writeDescription(description: RunDescription): Promise<void>;
  /** For one training at a time. @throws FoveaError when somebody trains it. */
  lock(host: LockHost, onNote?: (text: string) => void): Promise<Lock>;
  /** The first description of a new run. @throws FoveaError when another run has begun in this folder meanwhile. */
  claim(description: RunDescription): Promise<void>;
  /**
   * State, best (when it is), last, metrics and description, each whole or not at all. The state comes first: from it the
   * others can be written again, see `mend`.
   */
  writeCheckpoint(description: RunDescription, snapshot: Snapshot, best: boolean): Promise<void>;
  /**
   * Makes a run whole that was killed at any moment: writes what the state is ahead of, removes what was half written.
   * Needed before it goes on; a run that is training must be left alone. Returns the description as it is then.
   */
  mend(description: RunDescription, snapshot: Snapshot | undefined): Promise<RunDescription>;
  /** Undefined before the first checkpoint. @throws FoveaError when it is cut short or foreign. */
  readSnapshot(): Promise<Snapshot | undefined>;
  /** The epochs that are through: the state's, or those of the metrics where there is no state. */
  readHistory(): Promise<readonly EpochRecord[]>;
  /** Empty where none was recorded. */
  readTelemetry(): Promise<readonly TelemetryRecord[]>;
  /** What was told of it; undefined where it was not judged yet. */
  readDiagnosis(): Promise<readonly Finding[] | undefined>;
  /** Telemetry and what is told of it. Nothing goes on from them, so they may lag behind a checkpoint. */
  writeTelemetry(records: readonly TelemetryRecord[]): Promise<void>;
  writeDiagnosis(findings: readonly Finding[]): Promise<void>;
  /** The classifier of the best epoch; that of the last checkpoint where there is no best yet. */
  readClassifier(): Promise<Classifier>;
  /** Puts a classifier in the place of the one that `readClassifier` reads. */
  writeClassifier(classifier: Classifier): Promise<void>;
  readBestWeights(): Promise<ReadonlyMap<string, FileTensor> | undefined>;
}

export function openRunFolder(storage: Storage, path: string): RunFolder {
  const file = (name: keyof typeof runFiles): string => storage.join(path, runFiles[name]);
  const has = async (name: keyof typeof runFiles): Promise<boolean> => (await storage.kind(file(name))) === 'file';
  const readLines = async <T>(name: keyof typeof runFiles, schema: z.ZodType<T>): Promise<T[]> => {
    if (!(await has(name))) return [];
    const lines = (await readText(storage, file(name))).split('\n').filter((line) => line !== '');
    return lines.map((line, i) => parseJson(schema, line, `file '${file(name)}', line ${i + 1}`));
  };
  return {
    path,

    async readDescription() {
      if (!(await has('description'))) {
        const kind = await storage.kind(path);
        const received = kind === undefined ? 'nothing of that name' : `a ${kind} without ${runFiles.description}`;
        throw new FoveaError(
          `Expected the folder of a run for '${path}' but received ${received}`,
          '`fovea runs` lists the runs',
        );
      }
      const subject = `file '${file('description')}'`;
      const { recipe, ...rest } = parseJson(runSchema, await readText(storage, file('description')), subject);
      return { ...rest, recipe: parseRecipe(recipe, `${subject}, 'recipe'`) };
    },

    async writeDescription(description) {
      await storage.write(file('description'), textOf(description));
    },

    lock: (host, onNote) =>
      takeLock(host, { file: file('lock'), subject: `run ${quotePath(path)}`, doing: 'train', onNote }),

    async claim(description) {
      if (!(await storage.create(file('description'), textOf(description)))) throw holdsRun(path);
    },

    async writeCheckpoint(description, snapshot, best) {
      const { history } = snapshot.state;
      const bytes = writeClassifier(classifierOf(description, keptWeights(snapshot), history[history.length - 1]));
      await storage.write(file('state'), writeSnapshot(snapshot));
      if (best) await storage.write(file('best'), bytes);
      await storage.write(file('last'), bytes);
      await storage.write(file('metrics'), formatMetrics(history));
      await this.writeDescription(description);
    },

    async mend(description, snapshot) {
      for (const name of await storage.list(path)) {
        const whole = name.replace(/\.[0-9a-f]{8}\.partial$/, '');
        if (whole === name || !Object.values<string>(runFiles).includes(whole)) continue;
        await storage.remove(storage.join(path, name));
      }
      if (!snapshot) return description;
      const { history, step } = snapshot.state;
      const whole = description.epochsDone === history.length && (await has('last')) && (await has('best'));
      if (whole || history.length === 0) return description;
      const best = bestEpoch(history);
      const mended = { ...description, best, epochsDone: history.length };
      await this.writeCheckpoint(mended, snapshot, step === 0 && best?.epoch === history.length);
      return mended;
    },

    async readSnapshot() {
      if (!(await has('state'))) return undefined;
      return readSnapshot(await storage.read(file('state')), file('state'));
    },

    async readHistory() {
      const snapshot = await this.readSnapshot();
      if (snapshot) return snapshot.state.history;
      return readLines('metrics', epochRecordSchema);
    },

    readTelemetry: () => readLines('telemetry', telemetrySchema),

    writeTelemetry: (records) => storage.write(file('telemetry'), formatTelemetry(records)),

    async readDiagnosis() {
      if (!(await has('diagnosis'))) return undefined;
      const text = await readText(storage, file('diagnosis'));
      return parseJson(diagnosisSchema, text, `file '${file('diagnosis')}'`).diagnosis;
    },

    async writeDiagnosis(diagnosis) {
      const content = { format: 'fovea-diagnosis', version: 1, fovea: foveaVersion, diagnosis };
      await storage.write(file('diagnosis'), `${JSON.stringify(content, null, 2)}\n`);
    },

    async readClassifier() {
      if (await has('best')) return readClassifier(await storage.read(file('best')), file('best'));
      if (await has('last')) return readClassifier(await storage.read(file('last')), file('last'));
      const { status, error } = await this.readDescription();
      throw status === 'failed'
        ? new FoveaError(`The run '${path}' failed before its first checkpoint${error ? `: ${error}` : ''}`)
        : new FoveaError(`The run '${path}' has no checkpoint yet`, `Train it first: fovea train --resume ${path}`);
    },

    async writeClassifier(classifier) {
      await storage.write(file((await has('best')) ? 'best' : 'last'), writeClassifier(classifier));
    },

    async readBestWeights() {
      return (await has('best')) ? readClassifier(await storage.read(file('best')), file('best')).weights : undefined;
    },
  };
}

/** The classifier that a moment of a run is. */
export function classifierOf(
  description: Pick<RunDescription, 'recipe' | 'data' | 'preprocessing' | 'fovea'>,
  weights: ReadonlyMap<string, FileTensor>,
  metrics: EpochRecord | undefined,
): Classifier {
  const { recipe, data, preprocessing, fovea } = description;
  const { model: _, ...withoutModel } = recipe;
  return createClassifier({
    model: recipe.model,
    weights,
    classNames: data.classNames,
    preprocessing: preprocessing as Preprocessing,
    algorithm: recipe.algorithm,
    testTimeAugmentation: recipe.testTimeAugmentation,
    origin: { fovea, recipe: withoutModel, data, ...(metrics ? { metrics } : {}) },
  });
}

const textOf = (description: RunDescription): string => `${JSON.stringify(description, null, 2)}\n`;

const holdsRun = (path: string): FoveaError =>
  mismatch(
    'a new folder',
    "option 'out'",
    `'${path}', which holds a run`,
    `Choose another folder, or go on with that run: fovea train --resume ${path}`,
  );

/**
 * What can be told before data are read. @param runs the folder of runs, where no `out` is given.
 * @throws FoveaError when a new run cannot have its folder.
 */
export async function checkRunFolder(storage: Storage, out: string | undefined, runs = defaultRuns): Promise<void> {
  if (out === undefined) return storage.checkWritable(runs);
  if (out.trim() === '') throw invalid('the name of a folder', "option 'out'", out);
  if ((await storage.kind(out)) === 'file') {
    throw mismatch('a folder', "option 'out'", `the file '${out}'`, 'Choose another name');
  }
  if ((await storage.kind(storage.join(out, runFiles.description))) !== undefined) throw holdsRun(out);
  await storage.checkWritable(out);
}

/** Below the current folder. */
export const defaultRuns = 'runs';

/**
 * Makes a new run folder: `out` itself, or `<runs>/<data>-<model>-<n>` with the next free number.
 * @throws FoveaError when `out` is a file or holds a run already.
 */
export async function makeRunFolder(
  storage: Storage,
  out: string | undefined,
  data: string,
  model: string,
  runs = defaultRuns,
): Promise<RunFolder> {
  if (out !== undefined) {
    await checkRunFolder(storage, out);
    await storage.makeFolder(out);
    return openRunFolder(storage, out);
  }
  const stem = `${plainName(data)}-${plainName(model)}`;
  const taken = (await storage.list(runs)).map((name) =>
    name.startsWith(`${stem}-`) ? Number(name.slice(stem.length + 1)) : 0,
  );
  for (let n = Math.max(0, ...taken.filter(Number.isInteger)) + 1; ; n++) {
    const path = storage.join(runs, `${stem}-${n}`);
    if (await storage.makeFolder(path, { fresh: true })) return openRunFolder(storage, path);
  }
}

/** A name that every system takes as part of a folder's name: small letters, digits, dashes. */
export function plainName(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return plain === '' ? 'data' : plain;
}
