import { type ReactNode, useEffect, useState } from 'react';
import { useWords } from '../words/use-words.tsx';

/** Puts a text into the clipboard, and says that it did. */
export function CopyButton({ text }: { readonly text: string | undefined }): ReactNode {
  const { t } = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className="button copy"
      disabled={text === undefined}
      onClick={() => void navigator.clipboard?.writeText(text ?? '').then(() => setCopied(true))}
    >
      <span aria-live="polite">{copied ? t('copy.done') : t('copy.do')}</span>
    </button>
  );
}
