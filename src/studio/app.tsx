import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useClient } from './client/use-client.tsx';
import { Settings } from './frame/settings.tsx';
import { Thread } from './frame/thread.tsx';
import { useStates } from './frame/use-states.ts';
import { GlossaryPanel } from './glossary/glossary-panel.tsx';
import { Caught } from './parts/caught.tsx';
import { Trouble } from './parts/trouble.tsx';
import { Link } from './route/link.tsx';
import type { View } from './route/route.ts';
import { followEscape, useRoute } from './route/use-route.ts';
import { useWords } from './words/use-words.tsx';

/** THE LIST of views; each comes when it is first looked at. */
const views: Partial<Record<View, React.LazyExoticComponent<() => ReactNode>>> = {
  data: lazy(() => import('./views/data/data-view.tsx')),
  model: lazy(() => import('./views/model/model-view.tsx')),
  train: lazy(() => import('./views/train/train-view.tsx')),
  test: lazy(() => import('./views/test/test-view.tsx')),
  classify: lazy(() => import('./views/classify/classify-view.tsx')),
  runs: lazy(() => import('./views/runs/runs-view.tsx')),
  explain: lazy(() => import('./views/explain/explain-view.tsx')),
  course: lazy(() => import('./views/course/course-view.tsx')),
};

export function App(): ReactNode {
  const { t } = useWords();
  const client = useClient();
  const { view } = useRoute();
  const states = useStates();
  const [reached, setReached] = useState(true);
  useEffect(() => followEscape(), []);
  useEffect(() => client.onReach(setReached), [client]);
  const Shown = views[view] ?? views.train;
  return (
    <div className="studio">
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place in the page; the address is the router's. */}
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {t('frame.skip')}
      </a>
      <header className="header">
        <Link to={{ view: 'train' }} className="mark">
          Fovea
        </Link>
        <Thread view={view} states={states} place="top" />
        <div className="beside">
          <Link to={{ view: 'runs' }} aria-current={view === 'runs' ? 'page' : undefined}>
            {t('runs.title')}
          </Link>
          <Link to={{ view: 'course' }} aria-current={view === 'course' ? 'page' : undefined}>
            {t('course.title')}
          </Link>
          <GlossaryPanel />
          <Settings />
        </div>
      </header>
      <div className="view">
        {!reached && <Trouble message={t('reach.lost')} mend={t('reach.mend')} />}
        <Caught place={view}>
          <Suspense fallback={<p className="quiet-wait view-wait">{t('wait.view')}</p>}>{Shown && <Shown />}</Suspense>
        </Caught>
      </div>
      <Thread view={view} states={states} place="bottom" />
    </div>
  );
}
