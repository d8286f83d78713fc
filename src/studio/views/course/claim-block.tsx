import type { ReactNode } from 'react';
import { useJob } from '../../client/use-client.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Prose } from './prose.tsx';

interface ClaimBlockProps {
  readonly lesson: string;
  readonly claim: { readonly number: number; readonly text: string; readonly between: readonly [number, number] };
}

/** A statement that an experiment could refute, and the button that tries to. */
export function ClaimBlock({ lesson, claim }: ClaimBlockProps): ReactNode {
  const { t, numbers } = useWords();
  const { job, result, error, begin, cancel } = useJob('course.claim');
  const busy = job !== undefined && job.ended === undefined;
  return (
    <div className="claim read">
      <p>
        <Prose text={claim.text} />
      </p>
      <button
        type="button"
        className="button"
        onClick={() => (busy ? cancel() : begin({ lesson, claim: claim.number }))}
      >
        {busy ? t('progress.cancel') : t('course.claim')}
      </button>
      <p role="status" className={result && !result.holds ? 'wrong' : 'soft small'}>
        {busy && (job.progress?.what ?? t('course.running'))}
        {result &&
          !busy &&
          (result.holds
            ? t('course.claimHolds', { value: numbers.exact(result.measured) })
            : t('course.claimFails', {
                value: numbers.exact(result.measured),
                low: numbers.exact(result.between[0]),
                high: numbers.exact(result.between[1]),
              }))}
      </p>
      {error && <Trouble message={error.message} mend={error.mend} />}
    </div>
  );
}
