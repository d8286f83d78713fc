import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: ReactNode;
  /** One sentence: what it is, what is usual. */
  readonly hint?: ReactNode;
  /** What is wrong with what stands there; said aloud when it comes. */
  readonly wrong?: string;
  /** The control, given the ids by which it is named and described. */
  children(ids: { readonly id: string; readonly describedBy: string | undefined }): ReactNode;
}

/** A label, a control, a sentence: the form of everything that can be set. */
export function Field({ label, hint, wrong, children }: FieldProps): ReactNode {
  const id = useId();
  const hintId = `${id}-hint`;
  const wrongId = `${id}-wrong`;
  const describedBy = [hint && hintId, wrong && wrongId].filter(Boolean).join(' ') || undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
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
