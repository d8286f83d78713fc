import { expect, it } from 'vitest';
import { tally, toCsv } from './classify.ts';

it('writes a table that spreadsheets read and cannot be tricked by', () => {
  const text = toCsv([
    { file: 'a, "b".jpg', top: [{ class: '=1+1', probability: 0.75 }] },
    { file: 'c.jpg', top: [{ class: '-7', probability: 1e-7 }] },
    { file: 'd.jpg', error: 'a folder' },
  ]);
  expect(text.split('\r\n')).toEqual([
    'file,class 1,probability 1,error',
    '"a, ""b"".jpg",\'=1+1,0.75,',
    'c.jpg,-7,1e-7,',
    'd.jpg,,,a folder',
    '',
  ]);
});

it('sums up many pictures by their class', () => {
  const of = (name: string) => ({ file: 'a.jpg', top: [{ class: name, probability: 0.9 }] });
  expect(tally([of('cat')], 80)).toEqual([]);
  expect(tally([of('cat'), of('dog'), of('dog'), { file: 'x', error: 'a folder' }], 80)).toEqual([
    '',
    '3 pictures: dog (2), cat (1).',
  ]);
  expect(tally([{ ...of('cat'), unknown: true }, of('cat')], 80)[1]).toBe('2 pictures: unknown (1), cat (1).');
  const many = Array.from({ length: 12 }, (_, i) => of(`class ${i}`));
  expect(tally(many, 800)[1]).toMatch(/class 9 \(1\) and 2 others\.$/);
});
