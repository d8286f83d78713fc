import type { ReactNode } from 'react';

interface SwitchProps {
  readonly label: ReactNode;
  readonly on: boolean;
  onChange(on: boolean): void;
}

/** On or off, in effect at once. */
export const Switch = ({ label, on, onChange }: SwitchProps): ReactNode => (
  <label className="switch">
    <input
      type="checkbox"
      role="switch"
      aria-checked={on}
      checked={on}
      onChange={(event) => onChange(event.target.checked)}
    />
    {label}
  </label>
);
