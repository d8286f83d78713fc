import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../../src/core/dataset/content-hash.ts';
import { parts } from '../../src/core/dataset/dataset.ts';
import { headFile, parseHead } from '../../src/core/dataset/store/head.ts';
import { Killed, type MadeFile, memoryFiles, openMade, pixelsOf, prepareMade } from '../memory-store.ts';

const small = { height: 4, width: 4, channels: 1, fit: 'stretch', decoder: 'test 1' } as const;

type Step =
  | { readonly kind: 'add' | 'remove' | 'change' | 'rename' | 'touch' | 'copy' | 'relabel'; readonly which: number }
  | { readonly kind: 'swap'; readonly which: number; readonly other: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('add', 'add', 'remove', 'change', 'rename', 'touch', 'copy', 'relabel'),
    which: fc.nat(1000),
  }) as fc.Arbitrary<Step>,
  fc.record({ kind: fc.constant('swap' as const), which: fc.nat(1000), other: fc.nat(1000) }),
);
/** What happens to the data between one preparation and the next. */
const history = fc.array(fc.array(step, { maxLength: 6 }), { minLength: 1, maxLength: 5 });

/** Data that live: names, content and time of files as a person changes them. */
function living() {
  const files: Required<MadeFile>[] = [];
  let clock = 1000;
  let made = 0;
  const fresh = (): { text: string; time: number } => ({
    text: made % 7 === 6 ? `bad ${made++}` : `content ${made++}`,
    time: clock++,
  });
  const add = (): void => {
    const { text, time } = fresh();
    files.push({ origin: `f${made}`, text, time, label: made % 2, part: parts[made % 3] });
  };
  const change = (one: Step): void => {
    if (files.length === 0 || one.kind === 'add') {
      add();
      return;
    }
    const at = one.which % files.length;
    const file = files[at];
    if (one.kind === 'remove') files.splice(at, 1);
    else if (one.kind === 'change') files[at] = { ...file, ...fresh() };
    else if (one.kind === 'rename') files[at] = { ...file, origin: `renamed ${made++}` };
    else if (one.kind === 'touch') files[at] = { ...file, time: clock++ };
    else if (one.kind === 'copy') files.push({ ...file, origin: `copy ${made++}`, time: clock++ });
    else if (one.kind === 'relabel') files[at] = { ...file, label: 1 - file.label };
    else if (one.kind === 'swap') {
      const to = one.other % files.length;
      const [a, b] = [files[at], files[to]];
      files[at] = { ...a, text: b.text, time: clock++ };
      if (to !== at) files[to] = { ...b, text: a.text, time: clock++ };
    }
  };
  return { files, add, change };
}

/** A store opened holds just the data, in their order, pixel for pixel, and every hash is right. */
async function expectHolds(content: ReadonlyMap<string, Uint8Array>, files: readonly Required<MadeFile>[]) {
  const source = await openMade(content, true);
  for (const part of parts) {
    const wanted = files.filter((file) => file.part === part && !file.text.startsWith('bad'));
    const dataset = source[part];
    expect(dataset?.origins ?? []).toEqual(wanted.map(({ origin }) => origin));
    expect([...(dataset?.labels ?? [])]).toEqual(wanted.map(({ label }) => label));
    wanted.forEach(({ text }, i) => {
      expect([...dataset!.pixels.at(i)]).toEqual([...pixelsOf(text, 16)]);
      expect(dataset!.pixels.hashAt!(i)).toBe(contentHash(pixelsOf(text, 16)));
    });
  }
  expect(source.skipped.map(({ origin }) => origin)).toEqual(
    files.filter(({ text }) => text.startsWith('bad')).map(({ origin }) => origin),
  );
}

describe('a store that follows its data', () => {
  it('decodes what is new or changed and nothing else, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (rounds) => {
        const data = living();
        const { files, content } = memoryFiles();
        data.add();
        // Texts whose pixels, or whose reason, the store holds.
        let known = new Set<string>();
        let before: readonly Required<MadeFile>[] = [];
        for (const changes of rounds) {
          changes.forEach(data.change);
          if (data.files.every(({ text }) => text.startsWith('bad'))) data.add();
          if (data.files.every(({ text }) => text.startsWith('bad'))) data.add();
          const now = [...data.files];
          const { texts, read, gone } = await prepareMade(files, now, { settings: small });
          const isHinted = (file: Required<MadeFile>): boolean =>
            before.some(
              (was) => was.origin === file.origin && was.time === file.time && was.text.length === file.text.length,
            );
          expect(texts).toEqual(now.filter((file) => !known.has(file.text) && !isHinted(file)).map(({ text }) => text));
          expect(read).toEqual(now.filter((file) => !isHinted(file)).map(({ text }) => text));
          const left = before.filter(
            (was) => !was.text.startsWith('bad') && !now.some(({ origin }) => origin === was.origin),
          );
          expect(gone).toBe(left.length);
          known = new Set(now.map(({ text }) => text));
          before = now;
          await expectHolds(content, now);
          const head = parseHead(content.get(headFile)!, 'head');
          // Nothing of what is gone stays, and nothing of the work.
          expect([...content.keys()].sort()).toEqual(
            [headFile, head.index.name, ...new Set(head.shards.map(({ name }) => name))].sort(),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('goes on where it was killed, at any byte, and never breaks the store that is there', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.array(fc.nat(4000), { minLength: 1, maxLength: 4 }), async (rounds, kills) => {
        const data = living();
        const { files, content, killAfter } = memoryFiles();
        for (let i = 0; i < 4; i++) data.add();
        await prepareMade(files, data.files, { settings: small });
        const before = [...data.files];
        rounds.flat().forEach(data.change);
        data.add();
        data.add();
        const wanted = [...data.files];
        for (const bytes of kills) {
          killAfter(bytes);
          const outcome = await prepareMade(files, wanted, { settings: small }).catch((error: unknown) => error);
          killAfter(Infinity);
          if (!(outcome instanceof Error)) break;
          expect(outcome).toBeInstanceOf(Killed);
          // Old or new, but whole.
          const head = parseHead(content.get(headFile)!, 'head');
          const isNew = (await openMade(content)).skipped.length + head.pictures !== before.length;
          await expectHolds(content, isNew ? wanted : before).catch(() =>
            expectHolds(content, isNew ? before : wanted),
          );
        }
        await prepareMade(files, wanted, { settings: small });
        await expectHolds(content, wanted);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps what was decoded before it was killed', async () => {
    const made = Array.from({ length: 30 }, (_, i): MadeFile => ({ origin: `f${i}`, text: `content ${i}`, time: i }));
    const { files, killAfter } = memoryFiles();
    // Each picture is noted at once, since none fits beside another in what is gathered.
    const large = { ...small, height: 700, width: 700, channels: 3 } as const;
    killAfter(700 * 700 * 3 * 12.5);
    await expect(prepareMade(files, made.slice(0, 14), { settings: large })).rejects.toThrow(Killed);
    killAfter(Infinity);
    const again = await prepareMade(files, made.slice(0, 14), { settings: large });
    expect([again.texts.length, again.kept]).toEqual([2, 12]);
  });
});
