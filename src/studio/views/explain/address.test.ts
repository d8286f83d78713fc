import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute } from '../../route/route.ts';
import { brought, explainRoute, pictureOf, readElement, readPlace, readUnit, writeUnit } from './address.ts';

describe('the address of what is looked into', () => {
  it('comes back as it was', () => {
    const place = {
      run: 'a/b',
      data: 'named:mnist',
      picture: '7',
      layer: 'conv1',
      unit: writeUnit({ channel: 2, y: 3, x: 4 }),
    };
    const { path } = parseRoute(formatRoute(explainRoute(place)));
    expect(readPlace(path)).toEqual(place);
    expect(readUnit(path[4])).toEqual({ channel: 2, y: 3, x: 4 });
  });

  it('names a picture of data, or one that was brought', () => {
    expect(pictureOf({ data: 'digits', picture: '12' })).toEqual({ data: 'digits', id: 12 });
    expect(pictureOf({ data: brought, picture: '0123456789abcdef' })).toEqual({ brought: '0123456789abcdef' });
    expect(pictureOf({ data: 'digits', picture: '../x' })).toBeUndefined();
    expect(pictureOf({ data: 'digits' })).toBeUndefined();
  });

  it('takes nothing else for a unit', () => {
    for (const text of ['', '-1', '1@2', '1@2,3,4', 'x', undefined]) expect(readUnit(text)).toBeUndefined();
    expect([readElement('#70'), readElement('70')]).toEqual([70, undefined]);
  });
});
