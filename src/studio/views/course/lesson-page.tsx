import { type ReactNode, useEffect, useRef } from 'react';
import { scoreFigure } from '../../../core/workbench/course/score.ts';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { CopyButton } from '../../controls/copy-button.tsx';
import { Figures } from '../../figures/figure.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/use-words.tsx';
import { ClaimBlock } from './claim-block.tsx';
import { ExercisePanel } from './exercise-panel.tsx';
import { ExperimentPanel } from './experiment-panel.tsx';
import { KeepProgress } from './keep-progress.tsx';
import type { KeptProgress } from './progress.ts';
import { Prose } from './prose.tsx';
import type { HearAttempts } from './use-attempts.ts';

type Lesson = ResultOf<'course.lesson'>;

interface LessonPageProps {
  readonly lesson: Lesson;
  readonly next: { readonly id: string; readonly title: string } | undefined;
  readonly kept: KeptProgress;
}

/** A lesson from its aims to its sources. */
export function LessonPage({ lesson, next, kept }: LessonPageProps): ReactNode {
  const { t, n } = useWords();
  const { id, score } = lesson;
  const onAttempts: HearAttempts = (attempts) => kept.addAttempts(id, attempts);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A lesson begins at its beginning, wherever the one before was left.
    for (const place of ['.centre', 'main']) heading.current?.closest(place)?.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <article className="lesson" lang="en">
      <header className="read">
        <h1 ref={heading} tabIndex={-1}>
          {lesson.number}. {lesson.title}
        </h1>
        <p className="soft">{n('course.minutes', lesson.minutes)}</p>
        <p className="spaced">{t('course.aims')}</p>
        <ul className="aims">
          {lesson.aims.map((aim) => (
            <li key={aim}>{aim}</li>
          ))}
        </ul>
      </header>
      {lesson.blocks.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a lesson stand still.
        <BlockOf key={i} lesson={id} block={block} onAttempts={onAttempts} />
      ))}
      <ExercisePanel lesson={id} exercise={lesson.exercise} onAttempts={onAttempts} />
      {score && (
        <section className="experiment" aria-label={t('course.score')}>
          <Figures figures={[scoreFigure(score.noun, score.items, kept.progress.scores[id] ?? {})]} />
        </section>
      )}
      <Copied title={t('course.code')} text={lesson.code.trimEnd()} />
      <Copied title={t('course.commands')} text={lesson.commands.join('\n')} />
      <section>
        <h2>{t('course.sources')}</h2>
        <ul className="read sources">
          {lesson.sources.map(({ name, text }) => (
            <li key={name}>{text}</li>
          ))}
        </ul>
      </section>
      <details className="read">
        <summary>{t('course.teacher')}</summary>
        <dl>
          {lesson.misconceptions.map(({ thought, help }) => (
            <div key={thought}>
              <dt>
                <q>{thought}</q>
              </dt>
              <dd>
                <Prose text={help} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
      <section className="read">
        <label className="notes">
          <h2>{t('course.notes')}</h2>
          <textarea
            rows={4}
            value={kept.progress.notes[id] ?? ''}
            onChange={(event) => kept.setNotes(id, event.target.value)}
          />
        </label>
        <p className="small soft">{t('course.notesHint')}</p>
        <p className="row spaced">
          <label className="row">
            <input
              type="checkbox"
              checked={kept.progress.done.includes(id)}
              onChange={(event) => kept.setDone(id, event.target.checked)}
            />
            {t('course.markDone')}
          </label>
        </p>
        <KeepProgress kept={kept} />
        {next && (
          <p className="spaced">
            <Link className="button first large" to={{ view: 'course', path: [next.id] }}>
              {t('course.next', { title: next.title })}
            </Link>
          </p>
        )}
      </section>
    </article>
  );
}

interface BlockProps {
  readonly lesson: string;
  readonly block: Lesson['blocks'][number];
  readonly onAttempts: HearAttempts;
}

function BlockOf({ lesson, block, onAttempts }: BlockProps): ReactNode {
  switch (block.kind) {
    case 'heading':
      return <h2 className="read">{block.text}</h2>;
    case 'text':
      return (
        <p className="read">
          <Prose text={block.text} />
        </p>
      );
    case 'formula':
      return (
        <div className="formula read">
          <p className="mono">{block.formula}</p>
          <p className="soft">
            <Prose text={block.words} />
          </p>
        </div>
      );
    case 'claim':
      return <ClaimBlock lesson={lesson} claim={block.claim} />;
    case 'experiment':
      return <ExperimentPanel lesson={lesson} experiment={block.experiment} onAttempts={onAttempts} />;
  }
}

/** Text to take along. */
const Copied = ({ title, text }: { readonly title: string; readonly text: string }): ReactNode => (
  <section>
    <div className="head">
      <h2>{title}</h2>
      <CopyButton text={text} />
    </div>
    <ScrollRegion label={title} className="code">
      <pre>{text}</pre>
    </ScrollRegion>
  </section>
);
