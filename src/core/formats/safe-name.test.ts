import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctNames, isPortable, numbered, safeName, withWord } from './safe-name.ts';

describe('safe names', () => {
  it('leave what every system takes', () => {
    for (const name of ['cat', 'cat.jpg', 'Löwe 2', '日本', "it's", 'a+b=c.png', '🌸'])
      expect(safeName(name)).toBe(name);
  });

  it('lead nowhere else and mean no device', () => {
    const made = Object.fromEntries(
      [
        '..',
        '.',
        '',
        '../../etc',
        '/etc',
        'a/b',
        'C:\\x',
        '-rf',
        '.git',
        'con',
        'NUL.jpg',
        'com1 .txt',
        'Thumbs.db',
      ].map((name) => [name, safeName(name)]),
    );
    expect(made).toEqual({
      '..': '_',
      '.': '_',
      '': '_',
      '../../etc': '__.._etc',
      '/etc': '_etc',
      'a/b': 'a_b',
      'C:\\x': 'C__x',
      '-rf': '_rf',
      '.git': '_git',
      con: '_con',
      'NUL.jpg': '_NUL.jpg',
      'com1 .txt': '_com1 .txt',
      'Thumbs.db': '_Thumbs.db',
    });
    expect(safeName('a\u202egpj.exe\n')).toBe('a_gpj.exe_');
    expect(safeName('trailing. ')).toBe('trailing_');
    expect(safeName('\ud800x')).toBe('_x');
  });

  it('hold these rules whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const name = safeName(text);
        expect(name).toMatch(/^[^<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]+$/u);
        expect(name).not.toMatch(/^[.-]|[. ]$/);
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(124);
        expect(safeName(name)).toBe(name);
        expect(isPortable(name)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('are told from those that some system refuses', () => {
    expect(['a b.jpg', '-x', '.hidden', 'ü\u200d'].every(isPortable)).toBe(true);
    expect(['', '.', '..', 'a.', 'nul.txt', 'a\\b', 'C:', 'a\nb', 'x'.repeat(256)].some(isPortable)).toBe(false);
  });

  it('keep the ending of a long name', () => {
    const name = safeName(`${'ä'.repeat(300)}.jpeg`);
    expect(name).toMatch(/^ä+\.jpeg$/);
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(120);
  });

  it('are distinct also where capital and small letters are the same', () => {
    expect(distinctNames(['cat', 'Cat', 'a/b', 'a:b', '_uncertain'], ['_uncertain'])).toEqual([
      'cat',
      'Cat-2',
      'a_b',
      'a_b-2',
      '_uncertain-2',
    ]);
    expect([numbered('x.jpg', 1), numbered('x.jpg', 3), withWord('x', 'f00')]).toEqual(['x.jpg', 'x-3.jpg', 'x-f00']);
  });
});
