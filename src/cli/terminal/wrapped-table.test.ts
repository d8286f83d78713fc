import { describe, expect, it } from 'vitest';
import { wrappedTable } from './wrapped-table.ts';

const long = 'a finding that takes many words to tell, far more than a line of a terminal has room for';

describe('a table with long cells', () => {
  it('keeps to its room, and loses no word', () => {
    const lines = wrappedTable(['kind', 'why', 'next'], [['label-noise', long, long.toUpperCase()]], 60);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    const words = lines.slice(2).join(' ').split(/\s+/);
    for (const word of [...long.split(' '), ...long.toUpperCase().split(' ')]) expect(words).toContain(word);
  });

  it('is an ordinary table where it fits', () => {
    expect(wrappedTable(['a', 'b'], [['1', '2']], 40)).toHaveLength(3);
    expect(wrappedTable(['a', 'b'], [], 40)).toHaveLength(2);
  });
});
