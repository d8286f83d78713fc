import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));

interface Locked {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly engines?: { readonly node?: string };
}

/** Smallest major versions of Node that a range begins with: `^20.19 || >=22` → 20. */
const beginsAt = (range: string): number =>
  Math.min(...[...range.matchAll(/(\d+)(?:[.\d]*)/g)].map(([, n]) => Number(n)));

/**
 * npm warns whoever installs Fovea of a package that wants a newer Node than Fovea does. light-my-request stands among the
 * dependencies for this reason alone: from 6.8 on it brings a cookie@2 for Node 22, and fastify is content with 6.6.
 */
it('no package that is installed with Fovea wants a newer Node than Fovea', () => {
  const own = beginsAt(read('package.json').engines.node);
  const packages = Object.entries(read('package-lock.json').packages as Record<string, Locked>);
  const newer = packages.filter(
    ([name, { dev, optional, engines }]) => name !== '' && !dev && !optional && beginsAt(engines?.node ?? '0') > own,
  );
  expect(newer.map(([name, { engines }]) => `${name} (${engines?.node})`)).toEqual([]);
});
