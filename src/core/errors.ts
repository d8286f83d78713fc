/**
 * The one form of error: *Expected … for … but received …*, with the mend where one is known.
 * Everything a person can cause throws this; any other error class that surfaces is a bug of ours.
 */
export class FoveaError extends Error {
  override readonly name = 'FoveaError';
  /** What to do about it, as a sentence or a command; empty when unknown. */
  readonly mend: string;

  /** @param message one sentence without a final full stop. */
  constructor(message: string, mend = '') {
    super(mend ? `${message}. ${mend}` : message);
    this.mend = mend;
  }
}

/** `invalid('a positive integer', "layer 'conv1', option 'kernelSize'", 0)` → Expected a positive integer for … but received 0 */
export function invalid(expected: string, subject: string, received: unknown, mend = ''): FoveaError {
  return new FoveaError(`Expected ${expected} for ${subject} but received ${show(received)}`, mend);
}

/** As `invalid`, where what was received is no value but told in words: the end of the sentence, not put in quotes. */
export function mismatch(expected: string, subject: string, received: string, mend = ''): FoveaError {
  return new FoveaError(`Expected ${expected} for ${subject} but received ${received}`, mend);
}

/** A value as a person would write it, short enough for one line. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${shortened(value)}'`;
  if (Array.isArray(value) && value.every((v) => typeof v === 'number')) return shortened(value.join('x'));
  if (value === undefined) return 'nothing';
  return shortened(typeof value === 'object' && value !== null ? jsonOf(value) : String(value));
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

function jsonOf(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Deeper than a call stack, as only a hostile file is.
    return 'something nested too deeply';
  }
}
