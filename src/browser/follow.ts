import { StudioError } from '../core/workbench/studio/client.ts';

/** Whether somebody answers, for those who want to know when that changes. */
export interface Reach {
  readonly reached: boolean;
  set(reached: boolean): void;
  on(tell: (reached: boolean) => void): () => void;
}

export function createReach(): Reach {
  let reached = true;
  const listeners = new Set<(reached: boolean) => void>();
  return {
    get reached() {
      return reached;
    },
    set(now) {
      if (now === reached) return;
      reached = now;
      for (const tell of [...listeners]) tell(now);
    },
    on(tell) {
      listeners.add(tell);
      if (!reached) tell(false);
      return () => void listeners.delete(tell);
    },
  };
}

/** Waits longer after each failure, at most five seconds: a server that is started again is found soon. */
export const pauseAfter = (failures: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(5000, 250 * 2 ** failures)));

export const unreachable = (): StudioError =>
  new StudioError(
    'The studio does not answer',
    'Is `fovea studio` still running? The page goes on as soon as it answers',
  );
