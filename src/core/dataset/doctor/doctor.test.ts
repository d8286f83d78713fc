import { describe, expect, it } from 'vitest';
import type { PictureFacts, Survey } from '../facts.ts';
import type { Finding, FindingKind } from '../findings.ts';
import { examine } from './index.ts';

const classNames = ['cat', 'dog'];
let made = 0;

/** An ordinary picture, unlike all others, but for what is given. */
function picture(given: Partial<PictureFacts> = {}): PictureFacts {
  const hash = (++made).toString(16).padStart(32, '0');
  return {
    origin: `${made}.png`,
    label: made % 2,
    part: 'train',
    width: 100,
    height: 80,
    channels: 3,
    bytes: 1000,
    pixelHash: hash,
    // Flat, so that none is a near copy of another.
    thumbnail: new Uint8Array(32 * 32),
    mean: [100, 100, 100],
    deviation: 50,
    ...given,
  };
}

const pictures = (count: number, given: (i: number) => Partial<PictureFacts> = () => ({})): PictureFacts[] =>
  Array.from({ length: count }, (_, i) => picture({ label: i % 2, ...given(i) }));

function found(facts: readonly PictureFacts[], kind: FindingKind, skipped: Survey['skipped'] = []): Finding[] {
  return examine({ name: 'made', classNames, facts, skipped }).filter((finding) => finding.kind === kind);
}

it('finds nothing in an ordinary set', () => {
  expect(examine({ name: 'made', classNames, facts: pictures(40), skipped: [] })).toEqual([]);
});

describe('sizes of classes', () => {
  it('are noted from five to one on', () => {
    const unequal = (dogs: number): PictureFacts[] => [
      ...pictures(60, () => ({ label: 0 })),
      ...pictures(dogs, () => ({ label: 1 })),
    ];
    expect(found(unequal(13), 'imbalance')).toEqual([]);
    const [finding] = found(unequal(12), 'imbalance');
    expect(finding).toMatchObject({
      severity: 'note',
      evidence: "There are 60 training pictures of 'cat' and 12 of 'dog'.",
      advice: "Add pictures of 'dog', or train with --class-weights balanced.",
    });
  });

  it('are a warning below ten pictures, whatever the others have', () => {
    const [finding] = found(pictures(18), 'imbalance');
    expect(finding.severity).toBe('warning');
    expect(finding.evidence).toBe("2 classes have fewer than 10 training pictures: 'cat' (9), 'dog' (9).");
    // Pictures to test on teach nothing.
    expect(found([...pictures(18), ...pictures(40, () => ({ part: 'test' }))], 'imbalance')).toHaveLength(1);
  });
});

describe('drift', () => {
  const test = (given: Partial<PictureFacts>): PictureFacts[] => [
    ...pictures(40, (i) => ({ mean: [95 + (i % 11), 100, 100] })),
    ...pictures(40, (i) => ({ part: 'test', mean: [95 + (i % 11), 100, 100], ...given })),
  ];

  it('is told for brightness, contrast, size and colour', () => {
    expect(found(test({}), 'drift')).toEqual([]);
    expect(found(test({ mean: [130, 130, 130] }), 'drift')[0].evidence).toBe(
      'Pictures of test differ from those of train: mean grey level 100 in train and 130 there.',
    );
    expect(found(test({ deviation: 20 }), 'drift')[0].evidence).toContain('contrast');
    expect(found(test({ width: 60, height: 50 }), 'drift')[0].evidence).toContain('shorter side in pixels 80 in train');
    expect(found(test({ channels: 1 }), 'drift')[0].evidence).toContain(
      'share of grey pictures in % 0 in train and 100',
    );
  });

  it('is not told for a difference that chance explains', () => {
    const noisy = (part: 'train' | 'test', from: number): PictureFacts[] =>
      pictures(4, (i) => ({ part, mean: [from + 60 * i, from + 60 * i, from + 60 * i] }));
    expect(found([...noisy('train', 0), ...noisy('test', 12)], 'drift')).toEqual([]);
  });
});

describe('names like another class', () => {
  it('are found where names of files tell the class, as whole words', () => {
    const named = pictures(20, (i) => ({ origin: `${classNames[i % 2]}-${i}.png` }));
    const wrong = picture({ origin: 'cat/Dog_7.jpg', label: 0 });
    const [finding] = found([...named, wrong, picture({ origin: 'hotdogs.png', label: 0 })], 'label-in-name');
    expect(finding.files).toEqual(['cat/Dog_7.jpg']);
    expect(finding.evidence).toBe("1 file is labelled 'cat' and named like 'dog'.");
    expect(finding.mends).toEqual([
      { when: 'they show dog', fixes: [{ fix: 'relabel', file: 'cat/Dog_7.jpg', class: 'dog' }] },
    ]);
  });

  it('raise no alarm where names mean something else', () => {
    const named = pictures(20, (i) => ({ origin: `dog-park-${i}.png`, label: i < 4 ? 1 : 0 }));
    expect(found(named, 'label-in-name')).toEqual([]);
  });
});

describe('single pictures', () => {
  it('are blank below a deviation of 3', () => {
    const facts = [...pictures(30), picture({ origin: 'white.png', deviation: 2.9 }), picture({ deviation: 3 })];
    const [finding] = found(facts, 'blank');
    expect(finding.files).toEqual(['white.png']);
    expect(finding.evidence).toMatch(/^1 picture is of one colour/);
    expect(finding.mends).toEqual([{ fixes: [{ fix: 'exclude', file: 'white.png' }] }]);
  });

  it('cannot be read, grouped by reason, and are told apart from what was left out', () => {
    const broken = ['a.png', 'b.png'].map((origin) => picture({ origin, problem: 'one that is cut short' }));
    const [unread, left] = found([...pictures(30), ...broken], 'unreadable', [{ origin: 'x.txt', reason: 'a text' }]);
    expect(unread).toMatchObject({ severity: 'warning', files: ['a.png', 'b.png'] });
    expect(unread.evidence).toBe('2 pictures cannot be read: cut short.');
    expect(left).toMatchObject({ severity: 'note', files: ['x.txt'], mends: [] });
  });

  it('stand turned by their EXIF orientation', () => {
    const [finding] = found([...pictures(30), picture({ origin: 'phone.jpg', orientation: 6 })], 'turned');
    expect(finding).toMatchObject({ severity: 'note', files: ['phone.jpg'], mends: [] });
  });
});

describe('odd pictures', () => {
  it('have a quarter of the usual size or four times it', () => {
    const odd = [
      picture({ origin: 's.png', width: 25, height: 20 }),
      picture({ origin: 'l.png', width: 400, height: 320 }),
    ];
    expect(found([...pictures(60), ...odd], 'odd-size').map(({ files }) => files)).toEqual([['s.png'], ['l.png']]);
    expect(found([...pictures(60), picture({ width: 30, height: 24 })], 'odd-size')).toEqual([]);
  });

  it('are twice as wide or high for their other side', () => {
    const odd = [
      picture({ origin: 'w.png', width: 200, height: 80 }),
      picture({ origin: 'h.png', width: 50, height: 80 }),
    ];
    expect(found([...pictures(60), ...odd], 'odd-aspect').flatMap(({ files }) => files)).toEqual(['w.png', 'h.png']);
  });

  it('are not odd where they are common', () => {
    const facts = [...pictures(60), ...pictures(10, () => ({ width: 20, height: 16 }))];
    expect(found(facts, 'odd-size')).toEqual([]);
  });
});

describe('grey among colour', () => {
  it('is a note, and a warning where it tells the class', () => {
    const facts = pictures(60);
    const grey = (label: (i: number) => number): PictureFacts[] =>
      pictures(12, (i) => ({ channels: 1, label: label(i) }));
    expect(found(facts, 'mixed-colour')).toEqual([]);
    const [scattered] = found([...facts, ...grey((i) => i % 2)], 'mixed-colour');
    expect(scattered).toMatchObject({ severity: 'note', evidence: '12 pictures are in grey, the other 60 in colour.' });
    const cats = pictures(60, () => ({ label: 0 }));
    const [gathered] = found([...cats, ...grey(() => 1)], 'mixed-colour');
    expect(gathered.severity).toBe('warning');
    expect(gathered.evidence).toContain('They gather in dog (100 %), so colour alone tells the class.');
  });
});
