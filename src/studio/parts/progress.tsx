import type { ReactNode } from 'react';
import { useWords } from '../words/use-words.tsx';

interface ProgressProps {
  /** What is done, a few words. */
  readonly what: string;
  readonly done?: number;
  readonly total?: number;
  /** They are bytes. */
  readonly bytes?: boolean;
  /** Seconds to go, where they are known. */
  readonly left?: number;
  onCancel?(): void;
}

/** Long work: what, how far, how long, and the way out. It always takes the same room. */
export function Progress({ what, done, total, bytes, left, onCancel }: ProgressProps): ReactNode {
  const { t, numbers } = useWords();
  const known = done !== undefined && total !== undefined && total > 0;
  const write = bytes ? numbers.bytes : numbers.count;
  const far = known ? t('progress.of', { done: write(done), total: write(total) }) : t('progress.begins');
  const ending = left === undefined ? '' : ` · ${t('progress.left', { time: numbers.duration(left) })}`;
  return (
    <div className="progress">
      <span className="what">{what}</span>
      <span className="far">{far + ending}</span>
      {onCancel && (
        <button type="button" className="button" onClick={onCancel}>
          {t('progress.cancel')}
        </button>
      )}
      <progress aria-label={what} max={known ? total : undefined} value={known ? done : undefined} />
    </div>
  );
}
