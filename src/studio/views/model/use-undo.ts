import { useState } from 'react';

const most = 200;

/** What was before, step by step, and forth again. */
export function useUndo<T>(): {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Keeps a state that is about to be changed. */
  push(before: T): void;
  undo(now: T, put: (state: T) => void): void;
  redo(now: T, put: (state: T) => void): void;
} {
  const [past, setPast] = useState<readonly T[]>([]);
  const [future, setFuture] = useState<readonly T[]>([]);
  return {
    canUndo: past.length > 0,
    canRedo: future.length > 0,
    push(before) {
      setPast((all) => [...all, before].slice(-most));
      setFuture([]);
    },
    undo(now, put) {
      const before = past.at(-1);
      if (before === undefined) return;
      setPast(past.slice(0, -1));
      setFuture([...future, now]);
      put(before);
    },
    redo(now, put) {
      const after = future.at(-1);
      if (after === undefined) return;
      setFuture(future.slice(0, -1));
      setPast([...past, now]);
      put(after);
    },
  };
}
