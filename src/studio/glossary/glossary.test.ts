import { describe, expect, it } from 'vitest';
import { type Glossary, glossary, type TermName } from '../../core/workbench/course/glossary.ts';
import { glossaryDe } from '../../core/workbench/course/glossary-de.ts';
import { termFinder } from '../../core/workbench/course/terms-in.ts';
import { de } from '../words/de.ts';
import { en } from '../words/en.ts';

/**
 * Words of the field, as textbooks list them: whichever of them the interface says must be in its glossary. In regular
 * expressions, because the words are bent.
 */
const field = {
  en: [
    ...['accurac(?:y|ies)', 'activations?', 'augmentations?', 'back-?propagation', 'batch(?:es)?', 'bias(?:es)?'],
    ...[
      'calibration',
      'channels?',
      'class(?:es)?',
      'confusion matrix',
      'convolutions?',
      'cross-entropy',
      'data ?sets?',
    ],
    ...['dilation', 'dropout', 'embeddings?', 'epochs?', 'F1', 'features?', 'feature maps?', 'filters?', 'gradients?'],
    ...[
      'ground truth',
      'hash',
      'heatmaps?',
      'hidden',
      'hyperparameters?',
      'inference',
      'kernels?',
      'labels?',
      'layers?',
    ],
    ...['learning rate', 'linear layer', 'logits?', 'loss', 'MACs', 'McNemar', 'model', 'momentum', 'networks?'],
    ...[
      'normali[sz]ation',
      'optimi[sz]ers?',
      'outliers?',
      'overfit\\w*',
      'padding',
      'parameters?',
      'patience',
      'pixels?',
    ],
    ...[
      'pooling',
      'precision',
      'probabilit(?:y|ies)',
      'recall',
      'receptive fields?',
      'recipe',
      'regulari[sz]ation',
      'relu',
    ],
    ...['residual', 'runs', 'schedule', 'seed', 'slices?', 'smoothing', 'softmax', 'stride', 'temperature', 'tensors?'],
    ...[
      'training pictures',
      'transfer learning',
      'underfit\\w*',
      'validation pictures',
      'val loss',
      'weight decay',
      'weights',
    ],
  ],
  de: [
    ...['Aktivierung(?:en)?', 'Augmentierung(?:en)?', 'Backpropagation', 'Batch', 'Bias', 'Dropout', 'Epochen?', 'F1'],
    ...[
      'Faltung(?:en)?',
      'Filter',
      'Gewichten?',
      'Gradient(?:en)?',
      'Hash',
      'Heatmaps?',
      'Kanäle?',
      'Kanals?',
      'Kernel',
    ],
    ...[
      'Klassen?',
      'Kalibrierung',
      'Kalibrierungsfehler',
      'Konfusionsmatrix',
      'Labels?',
      'Lauf',
      'Läufen?',
      'Lernrate',
    ],
    ...[
      'Logits?',
      'Loss',
      'MACs',
      'McNemar',
      'Merkmale?',
      'Modelle?',
      'Momentum',
      'Netze?',
      'Normalisierung',
      'Optimierer',
    ],
    ...[
      'Parameter',
      'Pixel',
      'Präzision',
      'Pooling',
      'rezeptives Feld',
      'Rezept',
      'Schichten',
      'Schicht',
      'Seed',
      'Softmax',
    ],
    ...['Temperatur', 'Teilmengen?', 'Tensor', 'Trainingsbildern?', 'Trefferquote', 'Val-Loss', 'Validierungsbildern?'],
    ...['Validierung', 'Wahrscheinlichkeiten?', 'Weight Decay', 'Überanpassung', 'Glättung'],
  ],
} as const;

const languages: readonly (readonly [
  code: 'en' | 'de',
  glossary: Glossary,
  catalogue: Readonly<Record<string, string>>,
])[] = [
  ['en', glossary, en],
  ['de', glossaryDe, de],
];

describe.each(languages)('the glossary, %s', (code, terms, catalogue) => {
  const find = termFinder(terms);

  it('has every term of the field that the interface says', () => {
    // Values that are filled in are no words of ours; a placeholder stands between two.
    const bare = Object.entries(catalogue).map(([key, text]) => [key, text.replace(/\{\w+\}/g, '0')] as const);
    const missing = bare.flatMap(([key, text]) =>
      field[code].flatMap((word) => {
        const said = text.match(new RegExp(`(?<![\\p{L}\\p{N}])(?:${word})(?![\\p{L}\\p{N}-])`, 'iu'))?.[0];
        return said !== undefined && find(said).every(({ term }) => term === undefined) ? [`${key}: ${said}`] : [];
      }),
    );
    expect(missing).toEqual([]);
  });

  it('says each meaning in whole sentences, without other words for one form', () => {
    const forms = new Map<string, string>();
    for (const [name, [word, meaning, ...others]] of Object.entries(terms)) {
      expect(meaning, name).toMatch(/^[A-ZÄÖÜ].*[.?]$/s);
      for (const form of [word, ...others].map((text) => text.toLowerCase())) {
        expect(forms.get(form) ?? name, form).toBe(name);
        forms.set(form, name);
      }
    }
  });

  it('explains at least one term of each view by a label', () => {
    const views = [
      'thread.data',
      'model.parameters',
      'recipe.learningRate',
      'test.accuracy',
      'explain.gradient',
      'runs.title',
    ];
    for (const key of views)
      expect(
        find(catalogue[key]).some(({ term }) => term !== undefined),
        key,
      ).toBe(true);
  });
});

describe('finding terms', () => {
  const named = (text: string): (TermName | undefined)[] => termFinder(glossary)(text).map(({ term }) => term);

  it('takes the longest, whole words, each once, and leaves the rest as it is', () => {
    expect(named('Val loss of the run')).toEqual(['val-loss', undefined, 'run']);
    expect(named('Latest runtime classification')).toEqual([undefined]);
    expect(named('Loss: loss')).toEqual(['loss', undefined]);
    expect(
      termFinder(glossary)('Mean F1 of the classes')
        .map(({ text }) => text)
        .join(''),
    ).toBe('Mean F1 of the classes');
  });
});
