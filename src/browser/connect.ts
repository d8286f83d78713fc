import type { StudioClient } from '../core/workbench/studio/client.ts';
import { createHttpClient } from './http-client.ts';
import { isolate } from './page/isolate.ts';
import { createPageClient } from './page/page-client.ts';

/** The studio of this page: behind the server that it came from, or, where that is a host of files alone, in the page itself. */
export function connectStudio(): StudioClient {
  let closed = false;
  let made: StudioClient | undefined;
  const found = hasServer().then(async (server) => {
    // A page that is about to be loaded again begins nothing.
    if (!server && (await isolate('./service-worker.js'))) return new Promise<never>(() => undefined);
    made = server ? createHttpClient() : createPageClient();
    if (closed) made.close();
    return made;
  });
  const later = (begin: (client: StudioClient) => () => void): (() => void) => {
    let left = false;
    let leave: (() => void) | undefined;
    void found.then((client) => {
      if (!left) leave = begin(client);
    });
    return () => {
      left = true;
      leave?.();
    };
  };
  return {
    // The types of a verb's answer are too deep to be followed through a promise.
    ask: (async (...given: Parameters<StudioClient['ask']>) => (await found).ask(...given)) as StudioClient['ask'],
    begin: async (...given) => (await found).begin(...given),
    watch: (...given) => later((client) => client.watch(...given)),
    watchAll: (onJobs) => later((client) => client.watchAll(onJobs)),
    onReach: (tell) => later((client) => client.onReach(tell)),
    close() {
      closed = true;
      made?.close();
    },
  };
}

/** A server of ours answers in JSON, also when it refuses; a host of files has no such thing. */
async function hasServer(): Promise<boolean> {
  try {
    const response = await fetch('./api/ask/studio.about', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return response.headers.get('content-type')?.startsWith('application/json') ?? false;
  } catch {
    return false;
  }
}
