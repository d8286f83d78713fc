/** The element of an id that the page's HTML has. */
export function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element '${id}'`);
  return found as T;
}

/** A new element with text, which is never read as HTML. */
export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = '',
  properties: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] {
  const one = Object.assign(document.createElement(tag), properties);
  if (text !== '') one.textContent = text;
  return one;
}

export const percent = (probability: number): string => `${(100 * probability).toFixed(1)} %`;
