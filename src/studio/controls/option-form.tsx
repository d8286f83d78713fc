import type { ReactNode } from 'react';
import type { Option, Options } from '../../core/layers/layer.ts';
import { readOption, writeOption } from '../../core/layers/option-text.ts';
import { describeOption } from '../../core/layers/options.ts';
import { useWords } from '../words/use-words.tsx';
import { SelectField } from './select-field.tsx';
import { Switch } from './switch.tsx';
import { TextField } from './text-field.tsx';

interface OptionFormProps {
  /** As a layer, an optimizer, a schedule or an augmentation declares them. */
  readonly options: Options;
  readonly values: Readonly<Record<string, unknown>>;
  /** @param value undefined: back to the default. */
  onChange(name: string, value: unknown): void;
}

/** A form made from a list of options: it knows kinds of options, and none by name. */
export const OptionForm = ({ options, values, onChange }: OptionFormProps): ReactNode =>
  Object.entries(options).map(([name, option]) => (
    <OptionField
      key={name}
      name={name}
      option={option}
      value={values[name]}
      onChange={(value) => onChange(name, value)}
    />
  ));

/** Over a wider range a slider cannot be set to anything in particular. */
const widest = 360;

interface OptionFieldProps {
  readonly name: string;
  readonly option: Option;
  readonly value: unknown;
  onChange(value: unknown): void;
}

export function OptionField({ name, option, value, onChange }: OptionFieldProps): ReactNode {
  const { type, choices = [], minimum, maximum } = option;
  const { tell } = useWords();
  const doc = tell(option.doc) ?? option.doc;
  const current = value ?? option.default;
  const label = <code>{name}</code>;
  // `learningRate` is about a learning rate.
  const about = name.replace(/([a-z])([A-Z])/g, '$1 $2');
  if (type === 'boolean') {
    return (
      <div className="field">
        <Switch label={label} on={current === true} onChange={onChange} />
        <p className="hint">{doc}</p>
      </div>
    );
  }
  if (type === 'choice') {
    // Where nothing is chosen yet, nothing looks as if it were.
    const listed = [...(current === undefined ? [''] : []), ...choices].map((choice) => ({
      value: choice,
      label: choice || '–',
    }));
    return (
      <SelectField
        label={label}
        about={about}
        hint={doc}
        value={String(current ?? '')}
        choices={listed}
        onChange={onChange}
      />
    );
  }
  const isNumber = type === 'number' || type === 'integer';
  const slider =
    isNumber && minimum !== undefined && maximum !== undefined && maximum - minimum <= widest
      ? { minimum, maximum, step: type === 'integer' ? 1 : (maximum - minimum) / 100 }
      : undefined;
  const required = option.default === undefined && !option.optional;
  return (
    <TextField
      label={label}
      about={about}
      hint={doc}
      numeric={type !== 'numbers'}
      value={writeOption(value as number | undefined)}
      placeholder={option.default === undefined ? '' : writeOption(option.default)}
      slider={slider}
      check={(text) =>
        (text.trim() === '' && !required) || readOption(option, text) !== undefined
          ? undefined
          : `${describeOption(option)}`
      }
      onChange={(text) => onChange(text.trim() === '' ? undefined : readOption(option, text))}
    />
  );
}
