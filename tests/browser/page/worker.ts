// Runs a task on the thread of a web worker, as a page does that keeps its own thread free.
import { run } from './run.ts';

self.addEventListener('message', async ({ data }) => {
  try {
    self.postMessage({ outcome: await run(data) });
  } catch (error) {
    self.postMessage({ failure: String(error) });
  }
});
