/**
 * Order of class and file names: runs of digits compare as numbers (`2` before `10`), the rest by code unit. Not by
 * locale: the same on every machine, whatever its language and ICU version. Never 0 for different names.
 */
export function naturalOrder(a: string, b: string): number {
  const left = a.match(runs) ?? [];
  const right = b.match(runs) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order =
      isDigits(left[i]) && isDigits(right[i]) ? numberOrder(left[i], right[i]) : textOrder(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length || textOrder(a, b);
}

const runs = /[0-9]+|[^0-9]+/g;
const isDigits = (run: string): boolean => run >= '0' && run < ':';
const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Digit runs of any length, without ever making a number of them. */
function numberOrder(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length - right.length || textOrder(left, right);
}
