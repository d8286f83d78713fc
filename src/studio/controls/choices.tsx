import { type ReactNode, useId } from 'react';
import type { Choice } from './select-field.tsx';

interface ChoicesProps<T extends string> {
  /** What is chosen, for those who do not see it. */
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  onChange(value: T): void;
}

/** One of a few, all in sight; arrow keys move, as in any group of radio buttons. */
export function Choices<T extends string>({ label, value, choices, onChange }: ChoicesProps<T>): ReactNode {
  const name = useId();
  return (
    <div className="choices" role="radiogroup" aria-label={label}>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}
