import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHttpClient } from '../../src/browser/http-client.ts';
import type { StudioClient } from '../../src/core/workbench/studio/client.ts';
import { createStudio, type StudioContext } from '../../src/core/workbench/studio/context.ts';
import { nodeStudioHost } from '../../src/node/studio-host.ts';
import { type StudioServer, serveStudio } from '../../src/server/index.ts';

export interface NodeHost {
  readonly client: StudioClient;
  readonly studio: StudioContext;
  readonly server: StudioServer;
  readonly home: string;
  /** Errors that were no person's doing. */
  readonly faults: unknown[];
  close(): Promise<void>;
}

/** A studio served in this process, in a folder of its own. @param given data that its person named. */
export async function openNodeHost(app = 'no-such-page', given: readonly string[] = []): Promise<NodeHost> {
  const home = mkdtempSync(join(tmpdir(), 'fovea-studio-'));
  const faults: unknown[] = [];
  const studio = createStudio(
    nodeStudioHost((error) => faults.push(error)),
    { home, given },
  );
  const server = await serveStudio(studio, { port: 0, app: pathToFileURL(join(home, app)) });
  const client = createHttpClient({ base: `http://127.0.0.1:${server.port}`, token: server.token });
  return {
    client,
    studio,
    server,
    home,
    faults,
    async close() {
      client.close();
      await studio.close();
      await server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
