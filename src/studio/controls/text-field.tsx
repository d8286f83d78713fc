import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Field } from './field.tsx';

interface TextFieldProps {
  readonly label: ReactNode;
  /** In which text its terms are looked for; default the label, where that is a text. */
  readonly about?: string;
  readonly hint?: ReactNode;
  /** The text of the value that stands. */
  readonly value: string;
  readonly placeholder?: string;
  readonly numeric?: boolean;
  readonly slider?: { readonly minimum: number; readonly maximum: number; readonly step: number };
  /** Undefined: the text is right; else what is expected, and nothing is changed. */
  check(text: string): string | undefined;
  onChange(text: string): void;
}

/**
 * A text that takes effect as it is typed, as long as it is right: what is wrong stays in the field with a word about
 * what is expected, and what it had before stays in effect. Leaving the field puts that back.
 */
export function TextField({
  label,
  about,
  hint,
  value,
  placeholder,
  numeric,
  slider,
  check,
  onChange,
}: TextFieldProps): ReactNode {
  const [text, setText] = useState(value);
  const typing = useRef(false);
  // An empty field that nobody has touched yet waits; it is not wrong.
  const [touched, setTouched] = useState(value !== '');
  useEffect(() => {
    if (!typing.current) setText(value);
  }, [value]);
  const wrong = touched ? check(text) : undefined;
  const take = (next: string): void => {
    setText(next);
    setTouched(true);
    if (check(next) === undefined && next !== value) onChange(next);
  };
  return (
    <Field label={label} about={about} hint={hint} wrong={wrong}>
      {({ id, describedBy }) => (
        <>
          <input
            id={id}
            type="text"
            className={numeric ? 'amount' : undefined}
            inputMode={numeric ? 'decimal' : undefined}
            autoComplete="off"
            spellCheck={false}
            placeholder={placeholder}
            value={text}
            aria-invalid={wrong !== undefined}
            aria-describedby={describedBy}
            onFocus={() => {
              typing.current = true;
            }}
            onChange={(event) => take(event.target.value)}
            onBlur={() => {
              typing.current = false;
              setText(value);
            }}
          />
          {slider && (
            <input
              type="range"
              aria-labelledby={id}
              aria-label={typeof label === 'string' ? label : undefined}
              min={slider.minimum}
              max={slider.maximum}
              step={slider.step}
              value={value === '' ? Number(placeholder ?? slider.minimum) : Number(value)}
              onChange={(event) => take(event.target.value)}
            />
          )}
        </>
      )}
    </Field>
  );
}
