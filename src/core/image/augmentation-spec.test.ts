import { describe, expect, it } from 'vitest';
import {
  type Augmentation,
  augmentationText,
  listSteps,
  mixesPictures,
  parseAugmentation,
} from './augmentation-spec.ts';
import { augmentationKinds } from './augmentations/index.ts';
import { warnOfLabels } from './mirror-names.ts';

describe('parseAugmentation', () => {
  it('reads names, values in the order of the options, and options by name', () => {
    expect(parseAugmentation('flip, crop:4,affine:15:0.2:shear=5 ,rand:operations=3').steps).toEqual([
      { type: 'flip' },
      { type: 'crop', padding: 4 },
      { type: 'affine', degrees: 15, translate: 0.2, shear: 5 },
      { type: 'rand', operations: 3 },
    ]);
  });

  it('reads what augmentationText writes', () => {
    for (const text of [
      'flip,crop:8',
      'rand:12:operations=3',
      'affine:0:scale=0.25',
      'mixup:0.5,cutmix',
      'erase:0.25',
    ]) {
      const parsed = parseAugmentation(text);
      expect(parseAugmentation(augmentationText(parsed))).toEqual(parsed);
    }
    for (const { name } of augmentationKinds) expect(augmentationText(parseAugmentation(name))).toBe(name);
    expect(augmentationText({})).toBe('none');
    expect(augmentationText({ flip: true, crop: 3 })).toBe('crop:3,flip');
  });

  it.each([
    ['flop', "Did you mean 'flip'?"],
    ['', 'Expected the name of a change'],
    ['crop:4:5', "Expected at most 1 values for augmentation 'crop' but received 2"],
    ['trivial:1', "Expected no value for augmentation 'trivial' but received 1"],
    ['crop:four', "Expected a number for augmentation 'crop', 'padding' but received 'four'"],
    ['crop:1.5', "Expected a whole number from 0 to 4095 for augmentation 'crop', 'padding' but received 1.5"],
    ['rotate:181', "Expected a number from 0 to 180 for augmentation 'rotate', 'degrees' but received 181"],
    ['rotate:angle=3', "Expected an option that it has for augmentation 'rotate' but received 'angle'"],
    ['flip:type=3', "but received 'type'"],
    ['mixup,mixup', 'each way of mixing once'],
  ])('refuses %j', (text, message) => {
    expect(() => parseAugmentation(text)).toThrow(message);
  });
});

describe('either form', () => {
  it('becomes a list', () => {
    expect(listSteps({})).toEqual([]);
    expect(listSteps({ flip: true, crop: 2 })).toEqual([{ type: 'crop', padding: 2 }, { type: 'flip' }]);
    expect(mixesPictures({ flip: true })).toBe(false);
    expect(mixesPictures(parseAugmentation('flip,cutmix'))).toBe(true);
  });
});

describe('warnOfLabels', () => {
  it.each<[Augmentation, string[], number]>([
    [{ flip: true }, ['cat', 'dog'], 0],
    [{ flip: true }, ['b', 'd'], 1],
    [{ flip: true, crop: 2 }, ['0', '1'], 1],
    [{ crop: 2 }, ['0', '1'], 0],
    [parseAugmentation('flip:0'), ['0', '1'], 0],
    [parseAugmentation('rotate:10'), ['6', '9'], 0],
    [parseAugmentation('rotate:180,flip,flipVertical'), ['6', '9'], 3],
    [parseAugmentation('trivial'), ['turn_left', 'turn_right'], 1],
    [parseAugmentation('rand'), ['turn_left', 'turn_right'], 0],
  ])('%j on %j: %d warnings', (augmentation, classNames, count) => {
    const warnings = warnOfLabels(augmentation, classNames);
    expect(warnings).toHaveLength(count);
    for (const warning of warnings) expect(warning).toContain(classNames[0]);
  });
});
