import { useEffect, useRef, useState } from 'react';
import type { QueryName, RequestOf, ResultOf } from '../../core/workbench/studio/index.ts';
import { type Follower, followLatest } from './follow-latest.ts';
import { type Answer, asStudioError, useClient } from './use-client.tsx';

/**
 * The answer to a question that changes many times a second, as while a slider moves. Unlike `useAnswer`, a question is
 * not called off by the next: what is shown keeps up with the hand as fast as answers come.
 */
export function useFollowedAnswer<V extends QueryName>(verb: V, request: RequestOf<V>): Answer<ResultOf<V>> {
  const client = useClient();
  const [answer, setAnswer] = useState<Answer<ResultOf<V>>>({ value: undefined, error: undefined, pending: true });
  const follower = useRef<Follower<RequestOf<V>>>(undefined);
  useEffect(() => {
    follower.current = followLatest(
      (question: RequestOf<V>, signal) => client.ask(verb, question, signal),
      ({ value, error, isLatest }) =>
        setAnswer({ value, error: error === undefined ? undefined : asStudioError(error), pending: !isLatest }),
    );
    return () => follower.current?.stop();
  }, [client, verb]);
  const key = JSON.stringify(request);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the request.
  useEffect(() => {
    setAnswer((before) => ({ ...before, pending: true }));
    follower.current?.want(request);
  }, [client, verb, key]);
  return answer;
}
