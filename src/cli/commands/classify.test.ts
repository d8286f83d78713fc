import { expect, it } from 'vitest';
import { toCsv } from './classify.ts';

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
