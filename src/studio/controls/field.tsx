import { type ReactNode, useId } from 'react';
import { TermsBeside } from '../glossary/glossed.tsx';

interface FieldProps {
  readonly label: ReactNode;
  /** In which text its terms are looked for; default the label, where that is a text. */
  readonly about?: string;
  /** One sentence: what it is, what is usual. */
  readonly hint?: ReactNode;
  /** What is wrong with what stands there; said aloud when it comes. */
  readonly wrong?: string;
  /** The control, given the ids by which it is named and described. */
  children(ids: { readonly id: string; readonly describedBy: string | undefined }): ReactNode;
}

/** A label, a control, a sentence: the form of everything that can be set. */
export function Field({ label, about, hint, wrong, children }: FieldProps): ReactNode {
  const id = useId();
  const hintId = `${id}-hint`;
  const wrongId = `${id}-wrong`;
  const describedBy = [hint && hintId, wrong && wrongId].filter(Boolean).join(' ') || undefined;
  return (
    <div className="field">
      <span className="field-name">
        <label htmlFor={id}>{label}</label>
        <TermsBeside text={about ?? (typeof label === 'string' ? label : '')} />
      </span>
      {children({ id, describedBy })}
      {wrong && (
        <p className="wrong" id={wrongId} role="alert">
          {wrong}
        </p>
      )}
      {hint && (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}
