import { useEffect, useRef } from 'react';
import type { Attempt } from '../../../core/workbench/course/score.ts';

export type HearAttempts = (attempts: readonly Attempt[]) => void;

/** Tells once of each result what was tried in it, for the score. */
export function useAttempts(result: { readonly attempts?: readonly Attempt[] } | undefined, hear: HearAttempts): void {
  const latest = useRef(hear);
  latest.current = hear;
  useEffect(() => {
    if (result?.attempts) latest.current(result.attempts);
  }, [result]);
}
