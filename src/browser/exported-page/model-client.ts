import { element } from './element.ts';
import type { Answers, Question, Reply } from './messages.ts';

/** The model in its worker. */
export interface ModelClient {
  /** @throws Error with what the worker says. */
  ask<K extends keyof Answers>(
    question: Extract<Question, { kind: K }>,
    transfer?: Transferable[],
  ): Promise<Answers[K]>;
}

/** Starts the worker whose script stands in the page. */
export function startModel(): ModelClient {
  const script = new Blob([element('worker').textContent ?? ''], { type: 'text/javascript' });
  const worker = new Worker(URL.createObjectURL(script), { name: 'fovea model' });
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let count = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
    const one = waiting.get(data.number);
    waiting.delete(data.number);
    if ('error' in data) one?.reject(new Error(data.error));
    else one?.resolve(data.answer);
  });
  worker.addEventListener('error', ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message || 'The model could not be started here.'));
    waiting.clear();
  });
  return {
    ask: (question, transfer = []) =>
      new Promise((resolve, reject) => {
        const number = count++;
        waiting.set(number, { resolve: resolve as (answer: unknown) => void, reject });
        worker.postMessage({ number, question }, transfer);
      }),
  };
}
