/** Asks one question at a time; of those that come meanwhile only the latest is asked next. */
export interface Follower<Question> {
  want(question: Question): void;
  /** What is under way is called off, and nobody is told any more. */
  stop(): void;
}

/**
 * Follows a hand that moves faster than answers come: each answer is told, and the last question always has its answer.
 * Calling the one before off at every move would show nothing until the hand rests.
 *
 * @param ask rejects with an error that `tell` gets.
 */
export function followLatest<Question, Value>(
  ask: (question: Question, signal: AbortSignal) => Promise<Value>,
  tell: (answer: { readonly value?: Value; readonly error?: unknown; readonly isLatest: boolean }) => void,
): Follower<Question> {
  const control = new AbortController();
  let next: { readonly question: Question } | undefined;
  let busy = false;
  const follow = async (): Promise<void> => {
    busy = true;
    while (next && !control.signal.aborted) {
      const { question } = next;
      next = undefined;
      const answer = await ask(question, control.signal).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if (!control.signal.aborted) tell({ ...answer, isLatest: next === undefined });
    }
    busy = false;
  };
  return {
    want(question) {
      next = { question };
      if (!busy) void follow();
    },
    stop: () => control.abort(),
  };
}
