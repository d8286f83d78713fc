import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../src/browser/http-client.ts';
import { finish, type StudioClient } from '../../src/core/workbench/studio/client.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fovea-killed-'));
const started: ChildProcess[] = [];

/** `fovea studio` as a process of its own, and the client that its printed address opens. */
async function startStudio(): Promise<{ client: StudioClient; process: ChildProcess; text(): string }> {
  const child = spawn(process.execPath, [main, 'studio', '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let text = '';
  const { base, token } = await new Promise<{ base: string; token: string }>((resolve, reject) => {
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
      const [, port, found] = /http:\/\/localhost:(\d+)\/\?token=(\S+)/.exec(text) ?? [];
      if (found) resolve({ base: `http://127.0.0.1:${port}`, token: found });
    });
    child.stderr.on('data', (part: Buffer) => {
      text += part.toString();
    });
    child.on('exit', () => reject(new Error(`the studio ended: ${text}`)));
  });
  return { client: createHttpClient({ base, token }), process: child, text: () => text };
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.on('exit', resolve);
  });

describe('a studio that is killed in the midst of a training', () => {
  afterAll(() => {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('offers to go on, with the same bits; a Ctrl-C saves', async () => {
    const request = { data: 'digits', model: 'linear', epochs: 4, seed: 5 } as const;
    const first = await startStudio();
    const job = await first.client.begin('train.start', request);
    await new Promise<void>((resolve) => {
      first.client.watch(job.id, (events) => {
        if (events.some(({ event }) => event.kind === 'epoch')) resolve();
      });
    });
    const { run } = (await first.client.ask('job.show', { job: job.id })).job;
    first.process.kill('SIGKILL');
    await ended(first.process);
    first.client.close();

    const second = await startStudio();
    const { interrupted } = await second.client.ask('studio.state', {});
    expect(interrupted).toMatchObject([{ run, resumable: true, status: 'interrupted', epochs: 4 }]);
    const resumed = await finish(second.client, 'train.resume', { run: run as string });
    const whole = await finish(second.client, 'train.start', request);
    expect(resumed.status).toBe('finished');
    expect(resumed.weights).toBe(whole.weights);
    expect(second.text()).toContain(run as string);

    const third = await second.client.begin('train.start', { ...request, epochs: 200 });
    await new Promise<void>((resolve) => {
      second.client.watch(third.id, (events) => {
        if (events.some(({ event }) => event.kind === 'step')) resolve();
      });
    });
    second.process.kill('SIGINT');
    expect(await ended(second.process)).toBe(0);
    second.client.close();
    const last = await startStudio();
    expect((await last.client.ask('studio.state', {})).interrupted).toMatchObject([
      { epochs: 200, status: 'interrupted' },
    ]);
    last.client.close();
  }, 120_000);
});
