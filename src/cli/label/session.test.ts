import { describe, expect, it } from 'vitest';
import {
  type LabelDecision,
  type LabelLine,
  labelsByHash,
  standingDecisions,
  takeLast,
} from '../../core/dataset/labels.ts';
import type { Picture } from '../../core/image/picture.ts';
import type { Choice, Labelling, Suggestion } from '../../core/workbench/label.ts';
import { keysIn } from '../terminal/keyboard.ts';
import { drawPicture } from '../terminal/picture.ts';
import { widthOf } from '../terminal/terminal.ts';
import { labelByKeys } from './session.ts';

const picture: Picture = {
  width: 2,
  height: 2,
  channels: 3,
  data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255),
};

const suggestion = (n: number, classNames: readonly string[]): Suggestion => ({
  file: `${n}.png`,
  hash: n.toString(16).padStart(64, '0'),
  top: classNames.map((name, i) => ({ class: name, probability: i === 0 ? 0.5 : 0.5 / (classNames.length - 1) })),
  margin: n / 100,
  source: { decode: async () => picture },
});

/** A labelling whose lines are in memory, of four pictures. */
function inMemory(classNames: readonly string[], lines: LabelLine[] = []): Labelling & { lines: LabelLine[] } {
  const pictures = [1, 2, 3, 4].map((n) => suggestion(n, classNames));
  return {
    lines,
    file: 'pool.labels.jsonl',
    classNames,
    pictures,
    copies: 0,
    skipped: [],
    undecided: () => pictures.filter(({ hash }) => !labelsByHash(lines).has(hash)),
    decisionOf: ({ hash }) => labelsByHash(lines).get(hash),
    async decide(choices: readonly (readonly [Suggestion, Choice])[], by = 'person') {
      for (const [{ hash, file }, choice] of choices) {
        const known = { hash, file, by, at: '2026-01-02T03:04:05Z' } as const;
        lines.push(
          choice === 'exclude' ? { label: 'exclude', ...known } : { label: 'class', class: choice.class, ...known },
        );
      }
    },
    async undo() {
      const taken: LabelDecision[] = takeLast(standingDecisions(lines));
      if (taken.length > 0) lines.push({ label: 'undo', at: '2026-01-02T03:04:05Z' });
      return taken;
    },
    close: async () => undefined,
  };
}

async function press(labelling: Labelling, typed: string) {
  const shown: string[] = [];
  const terminal = {
    out: (text: string) => void shown.push(text),
    err: (text: string) => void shown.push(text),
    live: false,
    colour: false,
    columns: 80,
  };
  async function* keys() {
    yield* keysIn(typed);
  }
  return { session: await labelByKeys(labelling, terminal, keys()), shown: shown.join('\n') };
}

const standing = ({ lines }: { lines: LabelLine[] }) =>
  standingDecisions(lines).map((one) => `${one.file} ${one.label === 'class' ? one.class : 'exclude'}`);

const few = ['cat', 'dog', 'bird'];
const many = Array.from({ length: 24 }, (_, i) => `class ${i + 1}`);

describe('labelling by keys', () => {
  it('confirms, chooses, excludes and skips, and ends with the pool', async () => {
    const labelling = inMemory(few);
    const { session, shown } = await press(labelling, '\r2xs');
    expect(standing(labelling)).toEqual(['1.png cat', '2.png dog', '3.png exclude']);
    expect(session).toEqual({ labelled: 2, excluded: 1, skipped: 1 });
    expect(shown).toContain('1 of 4  1.png  margin 1.0 %');
    expect(shown).toContain('1 cat  2 dog  3 bird');
  });

  it('ends at q and Ctrl-C, and goes on where it ended', async () => {
    for (const end of ['q', '\u0003']) {
      const labelling = inMemory(few);
      await press(labelling, `\r${end}3`);
      expect(standing(labelling)).toEqual(['1.png cat']);
      const { shown } = await press(labelling, 'q');
      expect(shown).toContain('1 of 3  2.png');
    }
  });

  it('takes back one after the other, skips too, and what an earlier session decided', async () => {
    const labelling = inMemory(few);
    await press(labelling, '\r\rsuuu3q');
    expect(standing(labelling)).toEqual(['1.png bird']);
    const { shown } = await press(labelling, 'uu2q');
    expect(shown).toContain('Taken back: 1.png.');
    expect(shown).toContain('There is nothing to take back.');
    expect(standing(labelling)).toEqual(['1.png dog']);
  });

  it('takes back at once what was decided at once', async () => {
    const at = '2026-01-02T03:04:05Z';
    const labelling = inMemory(
      few,
      [1, 2, 3].map((n) => ({
        label: 'class',
        class: 'dog',
        hash: n.toString(16).padStart(64, '0'),
        file: `${n}.png`,
        by: 'machine',
        batch: 1,
        at,
      })),
    );
    const { shown } = await press(labelling, 'uq');
    expect(shown).toContain('Taken back: 3 decisions made at once.');
    expect(labelling.undecided()).toHaveLength(4);
  });

  it('takes numbers of two digits where there are more than nine classes', async () => {
    const labelling = inMemory(many);
    // 24; 3 at once, since there is no 30; 1 by Enter; 2, thought better of, then 12.
    const { shown } = await press(labelling, '2431\r2\u001b12');
    expect(standing(labelling)).toEqual(['1.png class 24', '2.png class 3', '3.png class 1', '4.png class 12']);
    expect(shown).toContain('> 2 (Enter: class 2, or another digit)');
    expect(shown).toContain('? all');
  });

  it('says what means nothing, and lets no sequence of a terminal act', async () => {
    const labelling = inMemory(few);
    const { shown } = await press(labelling, '\u001b[Ay9?q');
    expect(shown).toContain("'y' means nothing here.");
    expect(shown).toContain('Classes are numbered 1 to 3.');
    expect(labelling.lines).toEqual([]);
  });
});

describe('a picture in a terminal', () => {
  it('is two pixels a character, in their colours', () => {
    const [line, ...rest] = drawPicture(picture, { colour: true, columns: 80 }, 1);
    expect(rest).toEqual([]);
    expect(line).toBe(
      '\u001b[38;2;255;0;0m\u001b[48;2;0;0;255m▀\u001b[38;2;0;255;0m\u001b[48;2;255;255;255m▀\u001b[0m',
    );
  });

  it('fits the window whatever its size, and is shades where there are no colours', () => {
    for (const [width, height] of [
      [1, 1],
      [3, 500],
      [900, 2],
      [64, 64],
    ]) {
      const one = { width, height, channels: 1 as const, data: new Uint8Array(width * height).fill(255) };
      const lines = drawPicture(one, { colour: false, columns: 40 }, 10);
      expect(lines.length).toBeLessThanOrEqual(10);
      for (const line of lines) expect(line).toMatch(/^[@]{1,38}$/);
      for (const line of drawPicture(one, { colour: true, columns: 40 }, 10))
        expect(widthOf(line)).toBeLessThanOrEqual(38);
    }
  });
});
