/** A signal that is aborted by the person, or by whoever holds it: core knows no AbortController. */
export function stopSignal(outer: AbortSignal | undefined): AbortSignal & { stop(): void } {
  let stopped = false;
  return {
    get aborted() {
      return stopped || outer?.aborted === true;
    },
    get reason() {
      return outer?.reason;
    },
    throwIfAborted: () => outer?.throwIfAborted(),
    addEventListener: (type: 'abort', listener: () => void) => outer?.addEventListener(type, listener),
    removeEventListener: (type: 'abort', listener: () => void) => outer?.removeEventListener(type, listener),
    stop: () => void (stopped = true),
  } as AbortSignal & { stop(): void };
}
