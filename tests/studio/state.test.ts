import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { finish } from '../../src/core/workbench/studio/client.ts';
import { openNodeHost } from './node-host.ts';

it('tells of a run although what its test gave cannot be read', async () => {
  const host = await openNodeHost();
  try {
    const { client, studio } = host;
    const { run } = await finish(client, 'train.start', { data: 'digits', model: 'linear', epochs: 1, seed: 1 });
    const before = await client.ask('studio.state', { run });
    expect(before.run).toMatchObject({ run: { run } });
    writeFileSync(join(await studio.runPath(run), 'test.json'), '{"version": ');
    const after = await client.ask('studio.state', { run });
    expect(after.run).toMatchObject({ run: { run } });
    expect(after.run && 'testProblem' in after.run && after.run.testProblem).toMatch(/test\.json/);
    expect(host.faults).toEqual([]);
  } finally {
    await host.close();
  }
}, 60_000);
