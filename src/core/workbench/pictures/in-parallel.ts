/** Pictures that are decoded at once: as many as the threads of libuv, on which sharp works. */
const atOnce = 4;

/**
 * Calls `work` for 0 … count - 1, a few at a time. All work ends before an error leaves here, so that nothing goes on in
 * the background.
 */
export async function inParallel(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    while (next < count && !stopped) await work(next++);
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: atOnce }, () =>
      worker().catch((error) => {
        stopped = true;
        throw error;
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
