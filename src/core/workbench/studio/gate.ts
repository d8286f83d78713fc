/** A place where work waits while it is paused. */
export interface Gate {
  readonly paused: boolean;
  /** Resolves at once unless paused. */
  wait(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Lets so many steps through, then pauses. */
  allow(steps: number): void;
  /** Told by the work whenever a step is through. */
  passed(): void;
}

/** @param onChange called when it closes or opens, not for what `allow` does between. */
export function createGate(onChange: (paused: boolean) => void): Gate {
  let paused = false;
  /** Steps that may still pass before it closes; undefined: no such count. */
  let left: number | undefined;
  let waiting: (() => void)[] = [];
  const open = (): void => {
    const all = waiting;
    waiting = [];
    for (const go of all) go();
  };
  return {
    get paused() {
      return paused;
    },
    wait: () => (paused ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    pause() {
      left = undefined;
      if (paused) return;
      paused = true;
      onChange(true);
    },
    resume() {
      left = undefined;
      if (!paused) return;
      paused = false;
      onChange(false);
      open();
    },
    allow(steps) {
      left = steps;
      if (paused) onChange(false);
      paused = false;
      open();
    },
    passed() {
      if (left === undefined || --left > 0) return;
      left = undefined;
      paused = true;
      onChange(true);
    },
  };
}
