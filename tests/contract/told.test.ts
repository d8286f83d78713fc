import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { memoryPixels } from '../../src/core/dataset/pixels.ts';
import { disturbances } from '../../src/core/evaluate/disturbances.ts';
import { augmentationKinds } from '../../src/core/image/augmentations/index.ts';
import { layers } from '../../src/core/layers/index.ts';
import { losses } from '../../src/core/losses/index.ts';
import { presets } from '../../src/core/model/presets/index.ts';
import { optimizers } from '../../src/core/optimizers/index.ts';
import { schedules } from '../../src/core/schedules/index.ts';
import { chooseRecipe } from '../../src/core/train/choose-recipe.ts';
import { namedRecipes } from '../../src/core/train/recipes/index.ts';
import { tellDe } from '../../src/studio/words/told/de.ts';
import { deDocs } from '../../src/studio/words/told/de-docs.ts';
import { deSentences } from '../../src/studio/words/told/de-sentences.ts';
import { createTell } from '../../src/studio/words/told/tell.ts';
import { sentencesBelow, sentencesIn } from './said-in-source.ts';

const said = sentencesBelow(fileURLToPath(new URL('../../src/core', import.meta.url)));

/** Lists whose entries and options say what they are. */
const lists: readonly (readonly {
  readonly doc: string;
  readonly options?: Readonly<Record<string, { readonly doc: string }>>;
}[])[] = [[...layers], optimizers, schedules, losses, augmentationKinds, presets, disturbances];
const docs = new Set(
  lists.flat().flatMap(({ doc, options = {} }) => [doc, ...Object.values(options).map((option) => option.doc)]),
);

const namesIn = (text: string): string[] => [...new Set(text.match(/\{\d\}/g))].sort();

describe('what the workbench says', () => {
  it('is found in the source, whatever stands around it', () => {
    const source =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a source, with templates in it.
      "// say`no`\nconst a = say`${x} of ${y ? say`, with ${z.map((q) => `${q}`)}` : ''}`; '`' + /[`/]/ + say`it\\`s`;";
    expect(sentencesIn(source).sort()).toEqual([', with {1}', 'it`s', '{1} of {2}'].sort());
  });

  it('is said in German, every sentence of it and no other', () => {
    expect(said.length).toBeGreaterThan(150);
    expect(Object.keys(deSentences).sort()).toEqual([...said].sort());
    expect(Object.keys(deDocs).sort()).toEqual([...docs].sort());
  });

  it('loses no value', () => {
    for (const [english, german] of Object.entries({ ...deDocs, ...deSentences })) {
      expect(namesIn(german), english).toEqual(namesIn(english));
      expect(german.trim(), english).not.toBe('');
    }
  });

  it('is known again with its values in place', () => {
    for (const [english, german] of Object.entries(deSentences)) {
      if (english.replace(/\{\d\}|[^\p{L}]/gu, '').length < 8) continue;
      const given = (text: string): string => text.replace(/\{(\d)\}/g, '«value $1»');
      expect(tellDe(given(english)), english).toBe(given(german));
    }
  });

  it('is known as it comes: reasons of recipes, several sentences, sentences within sentences', () => {
    for (const [height, channels] of [
      [28, 1],
      [32, 3],
      [96, 3],
    ] as const) {
      const size = height * height * channels;
      const pictures = {
        ...{ name: 'x', classNames: ['salt and pepper', 'cat'], height, width: height, channels, count: 20 },
        pixels: memoryPixels(new Uint8Array(20 * size), size),
        labels: Int32Array.from({ length: 20 }, (_, i) => i % 2),
      };
      for (const recipe of [undefined, ...namedRecipes.map(({ name }) => name)]) {
        const { why } = chooseRecipe(pictures, 0.1, { recipe, classWeights: 'balanced', patience: 1, microBatch: 4 });
        for (const text of why) expect(tellDe(text), text).toBeTruthy();
      }
    }
    expect(
      tellDe(
        'Since epoch 5 the model learns its training pictures by heart: 99 % of them are right, and 80 % of the validation pictures, a gap of 19.5 points. Train loss is 0.0123, val loss 1.5.',
      ),
    ).toBe(
      'Seit Epoche 5 lernt das Modell seine Trainingsbilder auswendig: 99 % von ihnen sind richtig und 80 % der Validierungsbilder, Abstand 19,5 Punkte. Der Train-Loss ist 0,0123, der Val-Loss 1,5.',
    );
    expect(
      tellDe("2 files have the same pixels and are labelled 'salt and pepper' and 'cat'. They stand in train and val."),
    ).toBe(
      "2 Dateien haben dieselben Pixel und haben die Labels 'salt and pepper' und 'cat'. Sie stehen in train und val.",
    );
  });

  it('stays as it is where nobody translated it', () => {
    for (const text of ['Something else and more.', 'a and b', '', 'grey cats', 'Model x: of y'])
      expect(tellDe(text)).toBeUndefined();
    expect(createTell({}, ',')('Model x.')).toBeUndefined();
  });
});
