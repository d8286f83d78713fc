/** Milliseconds of computing after which messages get their turn: below what a person notices. */
const longest = 20;

let last = 0;

/** Lets other tasks of this worker go first, when it has computed for a while. A timer would be slowed down in nested use. */
export function breathe(): Promise<void> | undefined {
  const now = performance.now();
  if (now - last < longest) return undefined;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      last = performance.now();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
