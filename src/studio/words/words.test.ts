import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checks } from '../../core/train/diagnosis/index.ts';
import { noteSentences } from '../../core/workbench/notes.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fill, namesOf } from './text.ts';

/** Texts that are the same word in both languages, so that a text that was not translated is found. */
const alike = new Set([
  'step.none',
  'step.auto',
  'step.test',
  'charts.linear',
  'charts.log',
  'charts.loss',
  'recipe.batch',
  'recipe.seed',
  'model.as.graph',
  'model.as.code',
  'model.parameters',
  'model.macs',
  'model.id',
  'classify.by.webcam',
  'test.loss',
  'thread.train',
  'charts.train',
]);

describe('the catalogues', () => {
  it('have the same keys, and every text needs the same values', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect(namesOf(de[key]), key).toEqual(namesOf(en[key]));
  });

  it('say something in each language, of its own', () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(de[key].trim(), key).not.toBe('');
      if (!alike.has(key)) expect(de[key], key).not.toBe(en[key]);
    }
  });

  it('have both forms of every count', () => {
    const counted = Object.keys(en).filter((key) => key.endsWith('.one'));
    expect(counted.length).toBeGreaterThan(10);
    for (const key of counted) expect(Object.keys(en)).toContain(key.replace(/one$/, 'other'));
  });

  it('hold no text that nobody says', () => {
    const folder = new URL('..', import.meta.url);
    const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !/words[\\/](en|de|words\.test|told[\\/].*)\.ts$/.test(file))
      .map((file) => readFileSync(new URL(file.replaceAll('\\', '/'), folder), 'utf8'))
      .join('\n');
    const said = (key: string): boolean => {
      const whole = key.replace(/\.(one|other)$/, '');
      if (code.includes(`'${whole}'`)) return true;
      // Chosen by a value: `charts.${value}`.
      const stem = whole.slice(0, whole.lastIndexOf('.') + 1);
      return code.includes(`\`${stem}\${`);
    };
    expect(Object.keys(en).filter((key) => !said(key))).toEqual([]);
  });

  it('say every note of the workbench and every finding of a diagnosis, with values that it has', () => {
    for (const [name, sentence] of Object.entries(noteSentences)) {
      const key = `note.${name}` as keyof typeof en;
      expect(Object.keys(en), key).toContain(key);
      const given = Object.fromEntries(namesOf(en[key]).map((value) => [value, `<${value}>`]));
      for (const value of Object.values(given)) expect(sentence(given as never), key).toContain(value);
    }
    for (const { kind } of checks) expect(Object.keys(en)).toContain(`diagnosis.kind.${kind}`);
  });

  it('fill in values, and leave alone what they do not know', () => {
    expect(fill('{a} of {b}, {c}', { a: '1', b: '{a}' })).toBe('1 of {a}, {c}');
  });
});
