import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRoute, home, parseRoute, type Route, routeAbove, views } from './route.ts';

describe('places in the address', () => {
  it('come back as they were, whatever a class or a file is called', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });
    const route = fc.record({
      view: fc.constantFrom(...views),
      path: fc.array(name, { maxLength: 4 }),
      query: fc.dictionary(
        fc.stringMatching(/^[a-z]{1,8}$/),
        name.filter((value) => value.isWellFormed()),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(route, (place: Route) => {
        expect(parseRoute(formatRoute(place))).toEqual({ ...place, query: { ...place.query } });
      }),
    );
  });

  it('that are none lead home', () => {
    for (const hash of ['', '#', '#/', '#/nowhere/x', '#/%', '#/../etc']) expect(parseRoute(hash)).toEqual(home);
    expect(parseRoute('#/data/50%25%')).toMatchObject({ view: 'data', path: ['50%25%'] });
  });

  it('go up step by step', () => {
    const place = parseRoute('#/data/cardboard/a%2Fb.jpg?split=val');
    expect(place.path).toEqual(['cardboard', 'a/b.jpg']);
    expect(routeAbove(place)).toEqual({ view: 'data', path: ['cardboard'], query: {} });
    expect(routeAbove(parseRoute('#/data'))).toBeUndefined();
  });
});
