import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

const folder = new URL('../../dist/studio/', import.meta.url);
const read = (file: string): Buffer => readFileSync(new URL(file, folder));

describe('the page of the studio as it was built', () => {
  const manifest: Record<string, Chunk> = JSON.parse(read('.vite/manifest.json').toString());
  const [entry] = Object.entries(manifest).find(([, chunk]) => chunk.isEntry) as [string, Chunk];
  /** A chunk and all that comes with it at once. */
  const together = (name: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const other of manifest[name].imports ?? []) together(other, seen);
    return seen;
  };

  it('loads at most 300 kB of script (gzip) before a view is chosen', () => {
    const first = [...together(entry)].map((name) => manifest[name].file);
    const bytes = first.reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThanOrEqual(300_000);
  });

  it('loads each view when it is first looked at', () => {
    const lazy = manifest[entry].dynamicImports ?? [];
    for (const view of ['data', 'model', 'train', 'test', 'classify', 'runs']) {
      expect(
        lazy.some((name) => name.includes(`${view}-view`)),
        view,
      ).toBe(true);
    }
  });

  it('has no script, style or address in its HTML that a strict policy forbids', () => {
    const html = read('index.html').toString();
    expect(html).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|https?:\/\//);
    for (const file of new Set(Object.values(manifest).map((chunk) => chunk.file))) {
      expect(read(file).toString(), file).not.toMatch(/\bnew Function\(|\beval\(/);
    }
  });
});
