import { expect } from 'vitest';
import { studioContract } from './contract.ts';
import { openNodeHost } from './node-host.ts';

studioContract('the studio behind HTTP', async () => {
  const host = await openNodeHost();
  return {
    client: host.client,
    place: 'node',
    async close() {
      await host.close();
      expect(host.faults).toEqual([]);
    },
  };
});
