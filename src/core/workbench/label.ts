import type { Prediction } from '../classifier/classify.ts';
import type { Skipped } from '../dataset/dataset.ts';
import {
  type LabelDecision,
  type LabelLine,
  labelsByHash,
  labelsEnding,
  labelsFile,
  readLabelLines,
  standingDecisions,
  takeLast,
  writeLabelLines,
} from '../dataset/labels.ts';
import { FoveaError, invalid } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import { sha256 } from '../formats/sha256.ts';
import { suggest } from '../nearest.ts';
import type { Adapters, PictureSource } from './adapters.ts';
import { checkSomeRead, classifyEach } from './classify.ts';
import { loadClassifier } from './load-classifier.ts';
import { type Lock, takeLock } from './lock.ts';
import { readText } from './storage.ts';
import type { VerbOptions } from './verb.ts';

export interface LabelRequest {
  /** A run's folder, or a classifier's .safetensors file. */
  readonly run: string;
  /** A folder or an archive of pictures without labels. */
  readonly pool: string;
  readonly threads?: number;
  /** Nothing will be decided: no lock is taken. */
  readonly readOnly?: boolean;
}

/** A picture of a pool, and what the model makes of it. */
export interface Suggestion {
  /** Below the pool, with slashes. */
  readonly file: string;
  readonly hash: string;
  /** All classes, the most likely first. */
  readonly top: readonly Prediction[];
  /** Between the two most likely classes, 0 … 1: the smaller, the less certain. */
  readonly margin: number;
  readonly source: PictureSource;
}

/** A class, or that the picture belongs to none. */
export type Choice = { readonly class: string } | 'exclude';

/** A pool while it is labelled. Every decision is on disk when its call returns. */
export interface Labelling {
  /** Where the decisions are kept. */
  readonly file: string;
  readonly classNames: readonly string[];
  /** Pictures of different content, least certain first. Decided ones too; see `decisionOf`. */
  readonly pictures: readonly Suggestion[];
  /** Of those, the ones without a decision by now, in the same order. */
  undecided(): Suggestion[];
  decisionOf(picture: Suggestion): LabelDecision | undefined;
  /** Files with the content of another one, which its decision counts for. */
  readonly copies: number;
  readonly skipped: readonly Skipped[];
  /** @throws FoveaError when a class is none of the model's. Several at once are taken back at once. */
  decide(choices: readonly (readonly [Suggestion, Choice])[], by?: 'person' | 'machine'): Promise<void>;
  /** Takes back what was decided last, also before this session. @returns it; empty where nothing stands. */
  undo(): Promise<LabelDecision[]>;
  /** Gives the lock back. */
  close(): Promise<void>;
}

/**
 * Predicts a pool and orders it by margin, least certain first (B. Settles, "Active Learning Literature Survey", 2009,
 * 3.1: margin sampling). Decisions are kept beside the pool, whose files are never touched, and are known by content.
 */
export async function openLabelling(
  adapters: Adapters,
  request: LabelRequest,
  options: VerbOptions = {},
): Promise<Labelling> {
  const { storage } = adapters;
  const pool = storage.absolute(request.pool);
  const { classNames } = await loadClassifier(adapters, request.run);
  const lock = request.readOnly ? undefined : await lockLabels(adapters, pool, options);
  try {
    const { pictures, copies, skipped } = await predictPool(
      adapters,
      { ...request, pool, top: classNames.length },
      options,
    );
    const kept = await openLabels(adapters, pool, new Set(pictures.map(({ hash }) => hash)), options);
    let byHash = labelsByHash(kept.lines());
    const { run } = request;
    const append = async (lines: readonly LabelLine[]): Promise<void> => {
      if (!lock) throw new Error('a labelling that is read only');
      await lock.check();
      await kept.append(lines);
      byHash = labelsByHash(kept.lines());
    };
    return {
      file: kept.file,
      classNames,
      pictures,
      undecided: () => pictures.filter(({ hash }) => !byHash.has(hash)),
      decisionOf: ({ hash }) => byHash.get(hash),
      copies,
      skipped,
      async decide(choices, by = 'person') {
        const at = adapters.now();
        const batch = choices.length > 1 ? { batch: kept.lines().length } : {};
        const lines = choices.map(([{ hash, file, top }, choice]): LabelLine => {
          const [suggested] = top;
          const known = { hash, file, by, suggested, run, ...batch, at };
          if (choice === 'exclude') return { label: 'exclude', ...known };
          if (!classNames.includes(choice.class)) {
            throw invalid('a class of the model', quotePath(file), choice.class, suggest(choice.class, classNames));
          }
          return { label: 'class', class: choice.class, ...known };
        });
        if (lines.length > 0) await append(lines);
      },
      async undo() {
        const taken = takeLast(standingDecisions(kept.lines()));
        if (taken.length > 0) await append([{ label: 'undo', at: adapters.now() }]);
        return taken;
      },
      close: async () => lock?.release(),
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/** Takes back what was decided last about a pool, without predicting it. @throws FoveaError when nothing stands. */
export async function undoLabel(
  adapters: Adapters,
  { pool }: Pick<LabelRequest, 'pool'>,
  options: VerbOptions = {},
): Promise<{ readonly file: string; readonly undone: readonly LabelDecision[]; readonly standing: number }> {
  const path = adapters.storage.absolute(pool);
  const lock = await lockLabels(adapters, path, options);
  try {
    const kept = await openLabels(adapters, path, new Set(), options);
    const undone = takeLast(standingDecisions(kept.lines()));
    if (undone.length === 0) throw new FoveaError(`There is no label to take back for ${quotePath(pool)}`);
    await kept.append([{ label: 'undo', at: adapters.now() }]);
    return { file: kept.file, undone, standing: standingDecisions(kept.lines()).length };
  } finally {
    await lock.release();
  }
}

const lockLabels = (adapters: Adapters, pool: string, { onEvent }: VerbOptions): Promise<Lock> =>
  takeLock(adapters, {
    file: `${labelsFile(pool)}.lock`,
    subject: `the labels of ${quotePath(pool)}`,
    doing: 'label',
    onNote: (text) => onEvent?.({ kind: 'note', text }),
  });

async function predictPool(
  adapters: Adapters,
  { run, pool, top, threads }: LabelRequest & { readonly top: number },
  options: VerbOptions,
): Promise<Pick<Labelling, 'pictures' | 'copies' | 'skipped'>> {
  const found = new Map<string, Suggestion>();
  const skipped: Skipped[] = [];
  const results: { file: string; error?: string }[] = [];
  let copies = 0;
  for await (const one of classifyEach(adapters, { run, paths: [pool], top, threads }, options)) {
    const file = one.file.startsWith(`${pool}/`) ? one.file.slice(pool.length + 1) : one.file;
    results.push('error' in one ? one : { file });
    options.onEvent?.({ kind: 'reading', done: results.length, total: 0 });
    if ('error' in one) {
      skipped.push({ origin: file, reason: one.error });
      continue;
    }
    if (!one.source.bytes) throw new FoveaError(`Expected a pool of picture files for '${pool}' but received arrays`);
    const hash = await sha256(await one.source.bytes());
    if (found.has(hash)) copies++;
    else found.set(hash, { file, hash, top: one.top, margin: marginOf(one.top), source: one.source });
  }
  checkSomeRead(results);
  // Sorting keeps the order of files where margins are equal.
  const pictures = [...found.values()].sort((a, b) => a.margin - b.margin);
  return { pictures, copies, skipped };
}

const marginOf = ([first, second]: readonly Prediction[]): number => first.probability - (second?.probability ?? 0);

/** The decisions about a pool, as they are on disk. */
interface KeptLabels {
  readonly file: string;
  lines(): readonly LabelLine[];
  append(lines: readonly LabelLine[]): Promise<void>;
}

/** @param hashes of the pool's pictures, by which labels are found again that were made under another name. */
async function openLabels(
  { storage }: Adapters,
  pool: string,
  hashes: ReadonlySet<string>,
  { onEvent }: VerbOptions,
): Promise<KeptLabels> {
  const file = labelsFile(pool);
  const readFrom = async (path: string): Promise<LabelLine[]> => readLabelLines(await readText(storage, path), path);
  let lines: LabelLine[] = [];
  if ((await storage.kind(file)) === 'file') lines = await readFrom(file);
  else {
    const earlier = await formerFile(storage, pool, async (path) =>
      (await readFrom(path)).some((line) => line.label !== 'undo' && hashes.has(line.hash)),
    );
    if (earlier !== undefined) {
      lines = await readFrom(earlier);
      const text = `Took over the labels of ${quotePath(earlier)}, whose pool is there no more: the pictures are the same.`;
      onEvent?.({ kind: 'note', text });
    }
  }
  return {
    file,
    lines: () => lines,
    async append(more) {
      const next = [...lines, ...more];
      await storage.write(file, writeLabelLines(next));
      lines = next;
    },
  };
}

/** Beside the pool, the labels of one that is there no more and that `fits`: a pool that was renamed. */
async function formerFile(
  storage: Adapters['storage'],
  pool: string,
  fits: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  const folder = storage.join(pool, '..');
  for (const name of await storage.list(folder)) {
    if (!name.endsWith(labelsEnding)) continue;
    const path = storage.join(folder, name);
    if ((await storage.kind(path.slice(0, -labelsEnding.length))) !== undefined) continue;
    try {
      if (await fits(path)) return path;
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
    }
  }
  return undefined;
}
