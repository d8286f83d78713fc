import { describe, expect, it } from 'vitest';
import { assess } from '../core/evaluate/evaluate.ts';
import { evaluateForeign } from '../core/evaluate/foreign.ts';
import { buildPreset } from '../core/model/presets/index.ts';
import { RandomStream } from '../core/random.ts';
import type { ReportContent } from '../core/workbench/report.ts';
import { testPage } from './test-page.ts';

const hostile = `"><img src=x onerror=alert(1)></style><script>\u202e'`;

function contentOf(classNames: readonly string[], images: number, nameOf: (i: number) => string): ReportContent {
  const classes = classNames.length;
  const random = new RandomStream(1, 'sample', images);
  const labels = Int32Array.from({ length: images }, () => random.below(classes));
  const logits = Float32Array.from({ length: images * classes }, () => 3 * random.uniform());
  const { evaluation } = assess({ logits, labels, loss: 1 }, classNames, { resamples: classes > 50 ? 0 : 20, nameOf });
  const model = { run: 'runs/a', model: hostile, parameters: 10 };
  const curve = {
    name: 'shift',
    unit: 'pixels',
    doc: 'Moved.',
    neutral: 0,
    images,
    points: [0, 1].map((level) => ({
      level,
      accuracy: 0.5,
      interval: [0.4, 0.6] as const,
      agreement: 0.7,
      agreementInterval: [0.6, 0.8] as const,
    })),
  };
  const spec = buildPreset('linear', { input: [8, 8, 1], classes });
  return {
    test: {
      ...evaluation,
      ...model,
      at: '2026-01-02T03:04:05.000Z',
      fovea: '0.1.0',
      data: hostile,
      split: undefined,
      testHash: 'sha256:0',
      look: { number: 2, at: '2026-01-02T03:04:05.000Z', run: 'runs/a', test: 'x', images, accuracy: 0.5 },
      slices: [
        {
          by: hostile,
          value: hostile,
          images: 10,
          accuracy: 0.1,
          interval: [0, 0.3],
          difference: -0.4,
          p: 0.001,
          real: true,
        },
      ],
      foreign: { data: hostile, name: hostile, ...evaluateForeign(logits, logits, classes, 1, 20) },
      others: [],
      robustness: [{ ...model, curves: [curve] }],
    },
    run: undefined,
    history: [],
    model: { name: hostile, spec, macs: 1, svg: '<svg></svg>' },
    diagnosis: [
      {
        kind: 'x',
        severity: 'warning',
        evidence: {},
        words: hostile,
        next: { words: hostile, command: ['train', hostile] },
      },
    ],
    findings: undefined,
    pictures: new Map([[nameOf(0), 'data:image/webp;base64,AAAA']]),
  };
}

describe('the page about a test', () => {
  it('escapes whatever a name smuggles in', async () => {
    const page = await testPage(contentOf([hostile, `${hostile}2`, 'c'], 60, (i) => `${hostile}/${i}`));
    expect(page).not.toMatch(/<script|<img src=x|\u202e/);
    expect(page.match(/<\/style>/g)?.length).toBe(page.match(/<style/g)?.length);
    expect(page).toContain('look number 2');
  });

  it('shows of many classes those with the most mistakes, and stays small', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `class ${i}`);
    const page = await testPage(contentOf(names, 2000, (i) => `p${i}`));
    expect(page).toContain('The 30 classes with the most mistakes are shown.');
    expect(page.length).toBeLessThan(3e6);
  });

  it('says so where nothing went wrong', async () => {
    const { test, ...content } = contentOf(['a', 'b'], 30, String);
    const labels = Int32Array.from({ length: 30 }, (_, i) => i % 2);
    const logits = Float32Array.from({ length: 60 }, (_, i) => ((i >> 1) % 2 === i % 2 ? 5 : 0));
    const { evaluation } = assess({ logits, labels, loss: 0 }, ['a', 'b'], { resamples: 0 });
    const page = await testPage({
      ...content,
      test: { ...test, ...evaluation, slices: [], foreign: undefined, robustness: undefined },
    });
    expect(page).toContain('There was no mistake.');
    expect(page).not.toContain('id="robustness"');
    expect(page).not.toContain('NaN');
  });
});
