import type { ReactNode } from 'react';
import { useWords } from '../words/use-words.tsx';

interface TroubleProps {
  /** The sentence of the error: what was expected, and what was received. */
  readonly message: string;
  /** What to do about it. */
  readonly mend?: ReactNode;
  /** Buttons that do it. */
  readonly actions?: ReactNode;
}

/** An error where it happened. */
export function Trouble({ message, mend, actions }: TroubleProps): ReactNode {
  const { t } = useWords();
  return (
    <div className="trouble" role="alert">
      <p>
        <b>{t('trouble.title')}</b> {message}
      </p>
      {mend && <p>{mend}</p>}
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}
