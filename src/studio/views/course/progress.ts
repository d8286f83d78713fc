import { useCallback, useEffect, useState } from 'react';

/** What a learner has done and written, kept on their machine alone. */
export interface CourseProgress {
  readonly format: 'fovea-course-progress';
  readonly version: 1;
  /** Ids of lessons. */
  readonly done: readonly string[];
  /** By the lesson's id. */
  readonly notes: Readonly<Record<string, string>>;
}

const remembered = 'fovea.course';
export const noProgress: CourseProgress = { format: 'fovea-course-progress', version: 1, done: [], notes: {} };
const longest = 100_000;

/** Reads what was saved, here or as a file; undefined for what is none. */
export function readProgress(text: string): CourseProgress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, version, done, notes } = value as Partial<Record<keyof CourseProgress, unknown>>;
  if (format !== 'fovea-course-progress' || version !== 1) return undefined;
  if (!Array.isArray(done) || !done.every((id) => typeof id === 'string')) return undefined;
  if (typeof notes !== 'object' || notes === null) return undefined;
  const entries = Object.entries(notes);
  if (!entries.every(([, text]) => typeof text === 'string')) return undefined;
  return {
    ...noProgress,
    done: [...new Set(done as string[])].slice(0, 1000),
    notes: Object.fromEntries(entries.slice(0, 1000).map(([id, text]) => [id, String(text).slice(0, longest)])),
  };
}

/** Both: what is done in either is done, and no note is lost. */
export function joinProgress(here: CourseProgress, other: CourseProgress): CourseProgress {
  const notes = { ...here.notes };
  for (const [id, text] of Object.entries(other.notes)) {
    const own = notes[id];
    notes[id] = own && own !== text && !own.includes(text) ? `${own}\n\n${text}` : own || text;
  }
  return { ...here, done: [...new Set([...here.done, ...other.done])], notes };
}

/** Storage may be forbidden; then it lasts as long as the page. */
function load(): CourseProgress {
  try {
    return readProgress(localStorage.getItem(remembered) ?? '') ?? noProgress;
  } catch {
    return noProgress;
  }
}

export function useProgress(): {
  readonly progress: CourseProgress;
  setDone(id: string, done: boolean): void;
  setNotes(id: string, text: string): void;
  join(other: CourseProgress): void;
} {
  const [progress, setProgress] = useState(load);
  useEffect(() => {
    try {
      localStorage.setItem(remembered, JSON.stringify(progress));
    } catch {
      // It can still be saved as a file.
    }
  }, [progress]);
  const setDone = useCallback(
    (id: string, done: boolean) =>
      setProgress((before) => ({
        ...before,
        done: done ? [...new Set([...before.done, id])] : before.done.filter((one) => one !== id),
      })),
    [],
  );
  const setNotes = useCallback(
    (id: string, text: string) =>
      setProgress((before) => ({ ...before, notes: { ...before.notes, [id]: text.slice(0, longest) } })),
    [],
  );
  const join = useCallback((other: CourseProgress) => setProgress((before) => joinProgress(before, other)), []);
  return { progress, setDone, setNotes, join };
}
