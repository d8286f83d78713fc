import type { ReactNode } from 'react';
import { Columns } from '../frame/columns.tsx';
import { Link } from '../route/link.tsx';
import { useWords } from '../words/use-words.tsx';
import { Empty } from './empty.tsx';

interface NothingTrainedProps {
  /** What the view is called. */
  readonly title: string;
  /** What belongs here, in a few words. */
  readonly missing: string;
  readonly children: ReactNode;
}

/** A view that needs a trained model where there is none yet: it leads to training. */
export function NothingTrained({ title, missing, children }: NothingTrainedProps): ReactNode {
  const { t } = useWords();
  return (
    <Columns title={title}>
      <Empty
        title={missing}
        actions={
          <Link to={{ view: 'train' }} className="button first large">
            {t('classify.emptyAction')}
          </Link>
        }
      >
        {children}
      </Empty>
    </Columns>
  );
}
