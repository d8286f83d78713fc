import { useCallback, useEffect, useState } from 'react';
import {
  type CourseProgress,
  joinProgress,
  noProgress,
  readProgress,
  setAttempts,
  setDone,
  setNotes,
} from '../../../core/workbench/course/progress.ts';
import type { Attempt } from '../../../core/workbench/course/score.ts';

const remembered = 'fovea.course';

/** Storage may be forbidden; then it lasts as long as the page. */
function load(): CourseProgress {
  try {
    return readProgress(localStorage.getItem(remembered) ?? '') ?? noProgress;
  } catch {
    return noProgress;
  }
}

/** What a learner has done, kept in this browser. */
export interface KeptProgress {
  readonly progress: CourseProgress;
  setDone(id: string, done: boolean): void;
  setNotes(id: string, text: string): void;
  addAttempts(id: string, attempts: readonly Attempt[]): void;
  join(other: CourseProgress): void;
}

export function useProgress(): KeptProgress {
  const [progress, setProgress] = useState(load);
  useEffect(() => {
    try {
      localStorage.setItem(remembered, JSON.stringify(progress));
    } catch {
      // It can still be saved as a file.
    }
  }, [progress]);
  return {
    progress,
    setDone: useCallback((id: string, done: boolean) => setProgress((before) => setDone(before, id, done)), []),
    setNotes: useCallback((id: string, text: string) => setProgress((before) => setNotes(before, id, text)), []),
    addAttempts: useCallback(
      (id: string, attempts: readonly Attempt[]) => setProgress((before) => setAttempts(before, id, attempts)),
      [],
    ),
    join: useCallback((other: CourseProgress) => setProgress((before) => joinProgress(before, other)), []),
  };
}
