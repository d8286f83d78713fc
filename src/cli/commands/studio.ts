import { spawn } from 'node:child_process';
import { createStudio } from '../../core/workbench/studio/context.ts';
import { built } from '../../node/kernels.ts';
import { nodeStudioHost } from '../../node/studio-host.ts';
import { type CommandContext, type CommandDefinition, wholeNumber } from '../command.ts';
import { harmless, painter } from '../terminal/terminal.ts';

export interface StudioRequest {
  readonly port?: number;
  readonly host?: string;
  readonly open?: boolean;
  readonly tls?: boolean;
  readonly given?: readonly string[];
}

export const studio: CommandDefinition = {
  name: 'studio',
  group: 'beginning',
  doc: 'Opens the studio: data, model, training, testing and classifying in the browser.',
  arguments: [{ name: '[data...]', doc: 'folders, archives or files of data to offer there' }],
  options: [
    { flags: '--port <n>', doc: 'the port (default 4477, or the next one that is free)', parse: wholeNumber(0, 65535) },
    { flags: '--host <address>', doc: 'the address to listen at (default 127.0.0.1: this machine alone)' },
    { flags: '--open', doc: 'opens the browser' },
    { flags: '--tls', doc: 'serves https with a certificate of its own: for camera and threads on other machines' },
  ],
  examples: [
    ['fovea studio', 'prints an address to open'],
    ['fovea studio photos --open', 'offers the folder photos and opens the browser'],
    ['fovea studio --host 0.0.0.0 --tls', 'for other machines of a school network'],
  ],
  async run(context, args, options) {
    const { port, host, open, tls } = options as StudioRequest;
    return runStudio(context, { port, host, open, tls, given: args[0] as readonly string[] });
  },
};

/** Serves until Ctrl-C; trainings are saved then and can be resumed. */
export async function runStudio(
  { terminal, signal }: CommandContext,
  { port, host, open, tls, given }: StudioRequest,
): Promise<{ readonly json: unknown }> {
  // Loaded when first needed: other commands start without a server.
  const { serveStudio, usualPort, isLoopback, ownCertificate } = await import('../../server/index.ts');
  const paint = painter(terminal);
  const report = (error: unknown): void => {
    terminal.err(`${harmless(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
  };
  const context = createStudio(nodeStudioHost(report), { given });
  const certificate = tls
    ? await ownCertificate(context.host.storage, context.host.storage.join('.fovea', 'tls'), host ?? 'localhost')
    : undefined;
  const app = new URL('.', built('studio/index.html'));
  const serve = (at: number) => serveStudio(context, { host, port: at, tls: certificate, app });
  const server = await firstFree(serve, port, usualPort);
  const alone = host === undefined || isLoopback(host);
  terminal.out(`The studio is at ${paint('strong', server.address)}`);
  if (!server.hasPage) terminal.out('Its page was not built: run npm run build. The data are served under /api/.');
  if (!alone && !tls) {
    terminal.out(
      'Others on the network can open this address. Over plain http browsers there refuse camera and threads: add --tls.',
    );
  }
  if (tls) terminal.out('The browser will warn once: the certificate is of this machine itself.');
  terminal.out('It runs until Ctrl-C; a training is saved then and can be resumed.');
  if (open) openBrowser(server.address, report);
  const interrupted = (await context.interrupted()).map(({ run }) => run);
  if (interrupted.length > 0) terminal.out(`Interrupted and ready to go on: ${interrupted.map(harmless).join(', ')}`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await context.close();
  await server.close();
  return { json: { address: server.address.replace(/\?.*$/, '') } };
}

/** At the port that was asked for, else at the usual one or one of the next that is free. */
async function firstFree<T>(serve: (port: number) => Promise<T>, port: number | undefined, usual: number): Promise<T> {
  if (port !== undefined) return serve(port);
  for (let at = usual; ; at++) {
    try {
      return await serve(at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || at >= usual + 20) throw error;
    }
  }
}

/** The address goes as one argument and no shell reads it. */
function openBrowser(address: string, report: (error: unknown) => void): void {
  const [command, ...words] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', address]
        : ['xdg-open', address];
  const opener = spawn(command, words, { stdio: 'ignore', detached: true });
  opener.on('error', () => report(new Error('No browser could be opened. Open the address by hand.')));
  opener.unref();
}
