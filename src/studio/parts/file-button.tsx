import { type ReactNode, useRef } from 'react';

interface FileButtonProps {
  readonly label: string;
  /** As the input's `accept`. */
  readonly accept: string;
  readonly disabled?: boolean;
  onFile(file: File): void;
}

/** A button that asks for one file. The same file can be chosen twice in a row. */
export function FileButton({ label, accept, disabled, onFile }: FileButtonProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="button" disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        accept={accept}
        aria-label={label}
        hidden
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) onFile(file);
          target.value = '';
        }}
      />
    </>
  );
}
