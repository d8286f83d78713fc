import type { ReactNode } from 'react';
import { Field } from './field.tsx';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface SelectFieldProps<T extends string> {
  readonly label: ReactNode;
  /** In which text its terms are looked for; default the label, where that is a text. */
  readonly about?: string;
  readonly hint?: ReactNode;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  onChange(value: T): void;
}

/** One of many, where there are too many to show side by side. */
export function SelectField<T extends string>({
  label,
  about,
  hint,
  value,
  choices,
  onChange,
}: SelectFieldProps<T>): ReactNode {
  return (
    <Field label={label} about={about} hint={hint}>
      {({ id, describedBy }) => (
        <select
          id={id}
          value={value}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
