import { invalid, mismatch } from '../../errors.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { type NpyHeader, type NpyNumbers, readNpyNumbers, readNpyText } from '../../formats/npy.ts';

/** An array with its name, such as `x_train`. */
export interface NamedArray {
  readonly name: string;
  /** How errors name it. */
  readonly subject: string;
  readonly source: ByteSource;
  readonly header: NpyHeader;
}

/**
 * Labels of `count` pictures: class numbers, rows with a single 1, or text.
 * @param texts classes by the text of their labels, which grows. @throws FoveaError for anything else.
 */
export async function labelsOf(
  { source, header, subject }: NamedArray,
  count: number,
  pictures: string,
  texts: Map<string, number>,
): Promise<Int32Array> {
  const { shape } = header;
  const classes = shape.length === 2 && shape[1] > 1 ? shape[1] : 1;
  if (shape[0] !== count || (shape.length !== 1 && shape.length !== 2))
    throw mismatch(
      `${count} labels, one for each picture of ${pictures},`,
      subject,
      `an array of ${shape.join('x') || 'one element'}`,
    );
  if (/^[US]/.test(header.type)) {
    if (classes > 1) throw mismatch('one label a picture', subject, `${classes}`);
    const words = await readNpyText(source, header, subject);
    for (const word of [...new Set(words)].sort()) if (!texts.has(word)) texts.set(word, texts.size);
    return Int32Array.from(words, (word) => texts.get(word)!);
  }
  const numbers = await readNpyNumbers(source, header, subject);
  if (classes === 1) return wholeLabels(numbers, subject);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    let ones = 0;
    for (let k = 0; k < classes; k++) {
      const value = numbers[i * classes + k];
      if (value === 1) {
        ones++;
        labels[i] = k;
      } else if (value !== 0) ones = Number.NaN;
    }
    if (ones !== 1) throw mismatch('one class a picture, as 1 among 0', `row ${i} of ${subject}`, 'other numbers');
  }
  return labels;
}

function wholeLabels(numbers: NpyNumbers, subject: string): Int32Array {
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i];
    if (!Number.isInteger(value) || value < 0 || value > 65535)
      throw invalid('a class number from 0 to 65535', `element ${i} of ${subject}`, value);
  }
  return Int32Array.from(numbers);
}
