import { describe, expect, it } from 'vitest';
import { lossChart } from './chart.ts';
import { amount, bytes, count, duration, loss, percent, plural } from './numbers.ts';
import { createEstimate, createProgressLine } from './progress.ts';
import { table, wrap } from './table.ts';
import { createTerminal, harmless, type Terminal, widthOf } from './terminal.ts';

describe('numbers', () => {
  it('are written as a person reads them', () => {
    expect([count(60000), count(999), count(1234567.4)]).toEqual(['60,000', '999', '1,234,567']);
    expect([plural(1, 'picture'), plural(2, 'class', 'classes')]).toEqual(['1 picture', '2 classes']);
    expect([percent(0.98765), percent(0.98765, 2)]).toEqual(['98.8 %', '98.77 %']);
    expect([loss(2.30261), loss(1234.5678), loss(Number.NaN)]).toEqual(['2.3026', '1235', 'NaN']);
    expect([duration(8.24), duration(42.4), duration(187), duration(3727)]).toEqual([
      '8.2 s',
      '42 s',
      '3:07 min',
      '1:02:07 h',
    ]);
    expect([duration(9.96), duration(59.7)]).toEqual(['10 s', '1:00 min']);
    expect([bytes(512), bytes(3400), bytes(12e6)]).toEqual(['512 B', '3.4 kB', '12 MB']);
    expect([amount(195), amount(2.25e6)]).toEqual(['195', '2.3 M']);
  });
});

describe('table', () => {
  it('aligns columns whatever their colours', () => {
    const lines = table(
      [{ title: 'class' }, { title: 'n', align: 'right' }],
      [
        ['\u001b[1mcat\u001b[0m', '1'],
        ['elephant', '1,000'],
      ],
    );
    expect(lines.map(widthOf)).toEqual([15, 15, 15, 15]);
    expect(lines[3]).toBe('elephant  1,000');
  });

  it('aligns wide characters and marks, and lets no long name widen a column beyond its limit', () => {
    expect([widthOf('日本'), widthOf('e\u0301'), widthOf('🌸a'), widthOf('naïve')]).toEqual([4, 1, 3, 5]);
    const lines = table(
      [{ title: 'class', limit: 10 }, { title: 'n' }],
      [
        ['日本', '1'],
        ['x'.repeat(30), '2'],
      ],
    );
    expect(lines[2]).toBe('日本   1');
    expect(lines[3]).toBe(`${'x'.repeat(30)}  2`);
  });

  it('breaks a last column of text that would go beyond the window, below itself', () => {
    const columns = [{ title: 'figure' }, { title: 'what it says' }];
    const rows = [
      ['loss', 'surprise at the truth, 0 is best'],
      ['accuracy', 'short'],
    ];
    const lines = table(columns, rows, 32);
    expect(lines.slice(2)).toEqual([
      'loss      surprise at the truth,',
      `${' '.repeat(10)}0 is best`,
      'accuracy  short',
    ]);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(32);
    // Nothing to gain where hardly any room is left, and numbers are never broken.
    expect(table(columns, rows, 20)).toEqual(table(columns, rows));
    const numbers = [{ title: 'figure' }, { title: 'value', align: 'right' as const }];
    expect(table(numbers, rows, 32)).toEqual(table(numbers, rows));
  });

  it('breaks text at spaces', () => {
    expect(wrap('it may be 98.6 % or more', 14)).toEqual(['it may be', '98.6 % or more']);
    expect(wrap('one two three', 7, '  ')).toEqual(['one two', '  three']);
  });
});

describe('terminal', () => {
  const stream = (isTTY: boolean) => {
    const written: string[] = [];
    return { isTTY, columns: 80, written, write: (text: string) => written.push(text) };
  };

  it('colours only where colours are seen and wanted', () => {
    const tty = { stdout: stream(true), stderr: stream(true) };
    const pipe = { stdout: stream(false), stderr: stream(true) };
    expect(createTerminal(tty, {}, false).colour).toBe(true);
    expect(createTerminal(tty, { NO_COLOR: '1' }, false).colour).toBe(false);
    expect(createTerminal(pipe, {}, false).colour).toBe(false);
    expect(createTerminal(tty, { CI: 'true' }, false).live).toBe(false);
  });

  it('takes 80 columns where the width is not known', () => {
    const wide = (columns: number | undefined) => {
      const tty = { ...stream(true), columns: columns as number };
      return createTerminal({ stdout: tty, stderr: tty }, {}, false).columns;
    };
    expect([wide(undefined), wide(0), wide(20), wide(60)]).toEqual([80, 80, 40, 60]);
  });

  it('keeps stdout for the object with --json', () => {
    const streams = { stdout: stream(false), stderr: stream(false) };
    createTerminal(streams, {}, true).out('progress');
    expect(streams.stdout.written).toEqual([]);
    expect(streams.stderr.written).toEqual(['progress\n']);
  });

  it('shows control characters in names instead of obeying them', () => {
    expect(harmless('cat\u001b[2J\n')).toBe('cat\\u001b[2J\\u000a');
  });

  it('draws a line that fits the window, and takes it away', () => {
    const err: string[] = [];
    const terminal: Terminal = {
      out: () => undefined,
      err: (text) => err.push(text),
      live: true,
      colour: false,
      columns: 60,
    };
    let time = 0;
    const line = createProgressLine(terminal, () => (time += 1000));
    line.show('Epoch 1/3', 0.5, 90, 'loss 0.1234 · accuracy 98.0 % · 12,345 pictures/s');
    expect(err[0]).toContain(' 50 %');
    expect(err[0]).toContain('1:30 min left');
    expect(widthOf(err[0].replace('\r\u001b[K', ''))).toBeLessThan(60);
    line.clear();
    line.clear();
    expect(err.slice(1)).toEqual(['\r\u001b[K']);
  });

  it('estimates what is left from the pace since it began', () => {
    let time = 0;
    const estimate = createEstimate(() => time);
    expect(estimate(0.5)).toBeUndefined();
    time = 10_000;
    expect(estimate(0.75)).toBeCloseTo(10);
  });
});

describe('loss chart', () => {
  const terminal = { colour: false, columns: 80 };

  it('shows both losses, labelled axes and the best epoch, within the window', () => {
    const lines = lossChart({ loss: [2, 1, 0.5, 0.2], valLoss: [1.8, 1.1, 0.9, 1.3], best: 3 }, terminal);
    const text = lines.join('\n');
    expect(text).toContain('best: epoch 3, val loss 0.900');
    expect(text).toContain('─ loss 0.200');
    expect(text).toContain('• val loss 1.300');
    expect(lines[0]).toMatch(/^2\.00 ┤/);
    expect(lines[9]).toMatch(/^0\.20 ┤/);
    expect(lines.at(-2)).toMatch(/1 .*2 .*3 .*4 {2}epoch$/);
    expect(lines.at(-1)!.indexOf('▲')).toBe(lines.at(-2)!.indexOf('3'));
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it('is silent for a single epoch and bears numbers that are not finite and curves that are flat', () => {
    expect(lossChart({ loss: [1], valLoss: [1], best: 1 }, terminal)).toEqual([]);
    expect(lossChart({ loss: [1, Number.NaN, 0.5], valLoss: [1, 1, 1], best: 1 }, terminal).length).toBeGreaterThan(10);
    expect(lossChart({ loss: [1, 1], valLoss: [1, 1], best: 1 }, terminal).length).toBeGreaterThan(10);
  });
});

it('estimates after the first epoch what is left, evaluation included', () => {
  let time = 0;
  const estimate = createEstimate(() => time);
  const [epochs, steps, step, evaluation] = [10, 100, 20, 400];
  let first: number | undefined;
  for (let epoch = 1; epoch <= 2; epoch++) {
    for (let done = 1; done <= steps; done++) {
      time += step;
      const left = estimate(((epoch - 1) * steps + done) / (epochs * steps));
      if (epoch === 2 && done === 1) first = left;
    }
    time += evaluation;
  }
  const truly = ((epochs - 1) * (steps * step + evaluation) - step) / 1000;
  expect(Math.abs((first as number) / truly - 1)).toBeLessThan(0.2);
});
