import { mismatch } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';

/** How much a person lets data be, against files that claim too much; each may be raised for those that really are so large. */
export interface ReadLimits {
  /** The most pixels that one picture may claim. Default 100 million. */
  readonly limitPixels?: number;
  /** The most bytes that one picture file may have. Default 256 MiB. */
  readonly limitBytes?: number;
  /** The most pictures. Default 2 million. */
  readonly limitFiles?: number;
}

export const defaultLimits: Required<ReadLimits> = { limitPixels: 100e6, limitBytes: 2 ** 28, limitFiles: 2e6 };

/** @throws FoveaError when there are more pictures than are allowed. */
export function checkCount(name: string, count: number, { limitFiles = defaultLimits.limitFiles }: ReadLimits): void {
  if (count <= limitFiles) return;
  const expected = `at most ${limitFiles} pictures (option 'limitFiles')`;
  throw mismatch(expected, quotePath(name), `${count}`, 'Raise the limit if that is right');
}
