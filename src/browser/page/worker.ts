// The whole studio, in a worker of its own: so the page never waits for it. It speaks with the tab that started it, and
// with all others over a channel.
import { createStudio } from '../../core/workbench/studio/context.ts';
import { attend } from './attend.ts';
import { openIdbStore } from './idb-store.ts';
import { channelName, type Line, type ToTab, type ToWorker } from './messages.ts';
import { openNamedData } from './named-data.ts';
import { openOpfsStore } from './opfs-store.ts';
import { createPageHost } from './page-host.ts';

/** What the tab that starts it says first. */
export interface WorkerStart {
  readonly worker: string;
  /** The folder of the engine's kernels; default: where the package has them. */
  readonly kernels?: string;
  /** The address of a folder with sets beside the page. */
  readonly sets?: string;
  /** For tests: as if the browser had no origin-private files. */
  readonly files?: 'IndexedDB';
}

const own: Line<ToTab, ToWorker> = {
  send: (message) => self.postMessage(message),
  listen: (hear) => self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => hear(data)),
};
const channel = new BroadcastChannel(channelName);
const others: Line<ToTab, ToWorker> = {
  send: (message) => channel.postMessage(message),
  listen: (hear) => channel.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => hear(data)),
};

async function start({ worker, kernels, sets, files: wanted }: WorkerStart): Promise<void> {
  try {
    const files = (wanted === 'IndexedDB' ? undefined : await openOpfsStore()) ?? (await openIdbStore());
    const named = await openNamedData(files);
    const studio = createStudio(createPageHost(files, (error) => console.error(error), { kernels, named, sets }));
    attend(studio, own);
    attend(studio, others);
    const ready: ToTab = { kind: 'ready', worker };
    others.listen(({ kind }) => {
      if (kind === 'hello') others.send(ready);
    });
    own.send(ready);
    others.send(ready);
  } catch (error) {
    own.send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<WorkerStart>) => void start(data), { once: true });
