/** Something that is timed again and again. */
export interface Timed {
  /** Gets ready for one run; not timed. */
  prepare?(): void;
  run(): Promise<void>;
}

export interface Budget {
  /** Milliseconds for all rounds together; at least `fewestRounds` are made whatever it is. */
  readonly milliseconds: number;
  readonly clock: () => number;
  readonly signal?: AbortSignal;
  /** Called after each round with the share of the budget that is spent, 0 … 1. */
  readonly onRound?: (share: number) => void;
}

/** Of each, whatever the budget, after one run that nobody counts: the first compiles. */
const fewestRounds = 3;
/** Share of the budget in which nothing is counted: the engine's compiler still improves the code. */
const warmupShare = 0.15;

/**
 * Runs all cases one after the other, round by round, so that a machine that others slow down slows all alike.
 *
 * @returns the median time of each case in milliseconds. @throws the signal's reason when aborted.
 */
export async function alternate(cases: readonly Timed[], budget: Budget): Promise<number[]> {
  const { milliseconds, clock, signal, onRound } = budget;
  const times = cases.map((): number[] => []);
  const begin = clock();
  const spent = (): number => (clock() - begin) / milliseconds;
  const round = async (counted: boolean): Promise<void> => {
    for (const [i, one] of cases.entries()) {
      signal?.throwIfAborted();
      one.prepare?.();
      const start = clock();
      await one.run();
      if (counted) times[i].push(clock() - start);
    }
    onRound?.(Math.min(1, spent()));
  };
  do await round(false);
  while (spent() < warmupShare);
  for (let rounds = 0; rounds < fewestRounds || spent() < 1; rounds++) await round(true);
  return times.map(median);
}

/** The middle of a list that is not empty; of an even number the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
