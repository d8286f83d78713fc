/**
 * Marks a sentence that is told to people: the tag gives it as it stands, in English. Its template, with `{1}`, `{2}` in
 * the place of the values, is what other languages translate; `tests/contract/told.test.ts` gathers all of them from the
 * source. A part that comes and goes is a sentence of its own, put in as a value.
 */
export const say = (parts: TemplateStringsArray, ...values: readonly unknown[]): string =>
  parts.reduce((text, part, i) => text + String(values[i - 1]) + part);
