import { invalid, mismatch } from '../errors.ts';
import { suggest } from '../nearest.ts';
import type { Option, Options } from './layer.ts';
import { describeOption } from './options.ts';

/** Something of a list that a person names: an optimizer, a schedule, a way to average. */
export interface Named {
  readonly name: string;
  readonly options: Options;
}

/** A length in epochs, where an option counts steps. */
export interface EpochCount {
  readonly epochs: number;
}
export type TextValue = number | boolean | string | readonly number[] | EpochCount;
export interface NamedText {
  readonly type: string;
  readonly [option: string]: TextValue;
}

/**
 * Reads the form that a person types: a name, then values behind colons, in the order of the options or by name:
 * `sgd:0.9:nesterov=true`, `step:size=3ep`. Lists have slashes: `multiStep:milestones=100/200`; a number with `ep` counts
 * epochs where an option counts steps. `true` may be left out: `sgd:nesterov`.
 *
 * @throws FoveaError for an unknown name or option, or a value of another type.
 */
export function parseNamed(list: readonly Named[], text: string, what: string): NamedText {
  const [type, ...words] = text.split(':').map((word) => word.trim());
  const entry = list.find(({ name }) => name === type);
  if (!entry) {
    const known = list.map(({ name }) => name);
    // The names stand in the sentence; only a likely one is told again.
    const mend = suggest(type, known);
    throw invalid(`one of ${known.join(', ')}`, what, type, mend.startsWith('Did you mean') ? mend : '');
  }
  const names = Object.keys(entry.options);
  const parsed: Record<string, TextValue> = { type };
  words.forEach((word, i) => {
    const equals = word.indexOf('=');
    const flag = equals < 0 && entry.options[word]?.type === 'boolean';
    const name = equals >= 0 ? word.slice(0, equals) : flag ? word : names[i];
    if (name === undefined) throw mismatch(`at most ${names.length} values`, `${what} '${type}'`, String(words.length));
    if (!Object.hasOwn(entry.options, name)) {
      throw invalid('an option that it has', `${what} '${type}'`, name, suggest(name, names));
    }
    parsed[name] = flag
      ? true
      : parseValue(entry.options[name], word.slice(equals + 1), `${what} '${type}', '${name}'`);
  });
  return parsed as unknown as NamedText;
}

function parseValue(option: Option, text: string, subject: string): TextValue {
  const refuse = (): never => {
    throw invalid(describeOption(option), subject, text);
  };
  const numberOf = (word: string): number =>
    /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word) ? Number(word) : refuse();
  switch (option.type) {
    case 'boolean':
      return text === 'true' || (text !== 'false' && refuse());
    case 'choice':
      return option.choices?.includes(text) ? text : refuse();
    case 'numbers':
      return text.split('/').map(numberOf);
    case 'number':
      return numberOf(text);
    case 'integer': {
      const [, epochs] = /^(.*)ep$/.exec(text) ?? [];
      return epochs === undefined ? numberOf(text) : { epochs: numberOf(epochs) };
    }
    default:
      return refuse();
  }
}

/** Epochs become steps. @param stepsPerEpoch of the training. */
export const inSteps = (
  { type, ...options }: { readonly type: string; readonly [option: string]: unknown },
  stepsPerEpoch: number,
): { readonly type: string; readonly [option: string]: unknown } => ({
  type,
  ...Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const epochs = (value as EpochCount | undefined)?.epochs;
      return [name, epochs === undefined ? value : Math.max(1, Math.round(epochs * stepsPerEpoch))];
    }),
  ),
});
