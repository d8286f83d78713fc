import { type Attempt, addAttempts, type ItemScore, joinScores, type Score } from './score.ts';

/** What a learner has done and written, kept on their machine alone; a file has the same form in the studio and the terminal. */
export interface CourseProgress {
  readonly format: 'fovea-course-progress';
  readonly version: 1;
  /** Ids of lessons. */
  readonly done: readonly string[];
  /** By the lesson's id. */
  readonly notes: Readonly<Record<string, string>>;
  /** Of lessons that keep a score, by the lesson's id. */
  readonly scores: Readonly<Record<string, Score>>;
}

export const noProgress: CourseProgress = {
  format: 'fovea-course-progress',
  version: 1,
  done: [],
  notes: {},
  scores: {},
};

/** What a file of this form may hold, in characters. */
export const longestProgress = 5_000_000;
/** Of a lesson's notes, in characters. */
export const longestNotes = 100_000;
const most = 1000;

/** Reads what was saved; undefined for what is none. Files of before there were scores have none. */
export function readProgress(text: string): CourseProgress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { format, version, done, notes, scores = {} } = value;
  if (format !== noProgress.format || version !== noProgress.version) return undefined;
  if (!Array.isArray(done) || !done.every((id) => typeof id === 'string')) return undefined;
  if (!isRecord(notes) || !Object.values(notes).every((one) => typeof one === 'string')) return undefined;
  if (!isRecord(scores) || !Object.values(scores).every(isScore)) return undefined;
  return {
    ...noProgress,
    done: [...new Set(done as string[])].slice(0, most),
    notes: records(Object.entries(notes).map(([id, one]) => [id, String(one).slice(0, longestNotes)])),
    scores: records(
      Object.entries(scores).map(([id, score]) => [id, records(Object.entries(score as Score).map(readItem))]),
    ),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScore = (value: unknown): boolean =>
  isRecord(value) &&
  Object.values(value).every(
    (one) =>
      isRecord(one) &&
      typeof one.named === 'string' &&
      typeof one.mended === 'string' &&
      typeof one.proved === 'boolean' &&
      Number.isSafeInteger(one.attempts) &&
      (one.attempts as number) >= 1,
  );

const readItem = ([item, { named, mended, proved, attempts }]: [string, ItemScore]): [string, ItemScore] => [
  item,
  { named: named.slice(0, 200), mended: mended.slice(0, 200), proved, attempts },
];

const records = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries.slice(0, most));

export const writeProgress = (progress: CourseProgress): string => `${JSON.stringify(progress, null, 2)}\n`;

/** Both: what is done in either is done, no note is lost, and the better score counts. */
export function joinProgress(here: CourseProgress, other: CourseProgress): CourseProgress {
  const notes = { ...here.notes };
  for (const [id, text] of Object.entries(other.notes)) {
    const own = notes[id];
    notes[id] = own && own !== text && !own.includes(text) ? `${own}\n\n${text}` : own || text;
  }
  const scores = { ...here.scores };
  for (const [id, score] of Object.entries(other.scores)) scores[id] = joinScores(scores[id] ?? {}, score);
  return { ...here, done: [...new Set([...here.done, ...other.done])], notes, scores };
}

/** @param lesson its id. */
export const setDone = (before: CourseProgress, lesson: string, done: boolean): CourseProgress => ({
  ...before,
  done: done ? [...new Set([...before.done, lesson])] : before.done.filter((one) => one !== lesson),
});

/** @param lesson its id. */
export const setNotes = (before: CourseProgress, lesson: string, text: string): CourseProgress => ({
  ...before,
  notes: { ...before.notes, [lesson]: text.slice(0, longestNotes) },
});

/** @param lesson its id. */
export const setAttempts = (before: CourseProgress, lesson: string, attempts: readonly Attempt[]): CourseProgress => ({
  ...before,
  scores: { ...before.scores, [lesson]: addAttempts(before.scores[lesson] ?? {}, attempts) },
});
