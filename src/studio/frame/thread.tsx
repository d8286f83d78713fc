import type { ReactNode } from 'react';
import { Link } from '../route/link.tsx';
import { type ThreadView, threadViews, type View } from '../route/route.ts';
import { useWords } from '../words/use-words.tsx';

/** What a step of the thread says about itself. */
export interface StepState {
  /** In small type beneath its word. */
  readonly text: string;
  /** The same for small screens, a word or two. */
  readonly short: string;
  /** What lies before it was changed since. */
  readonly stale?: boolean;
}

interface ThreadProps {
  readonly view: View;
  readonly states: Readonly<Record<ThreadView, StepState>>;
  readonly place: 'top' | 'bottom';
}

/** data → model → training → testing → classifying: the navigation, each word with its present state. */
export function Thread({ view, states, place }: ThreadProps): ReactNode {
  const { t } = useWords();
  return (
    <nav className={`thread ${place}`} aria-label={t('thread.label')}>
      <ol>
        {threadViews.map((step) => {
          const { text, short, stale } = states[step];
          return (
            <li key={step}>
              <Link to={{ view: step }} aria-current={step === view ? 'page' : undefined}>
                <span className="step">{t(`thread.${step}`)}</span>
                <span className={stale ? 'state stale' : 'state'} title={text}>
                  <span className="long">{text}</span>
                  <span className="short">{short}</span>
                </span>
              </Link>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
