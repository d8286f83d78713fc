import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { TermName } from '../../core/workbench/course/glossary.ts';
import { useWords } from '../words/use-words.tsx';
import { useTerms } from './use-terms.ts';

/** All terms behind one button, those first that stand in the view as it is; the view stays where it is. */
export function GlossaryPanel(): ReactNode {
  const { t } = useWords();
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    // Escape closes the panel; the view must not take it as a step up.
    const swallow = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !panel.current?.matches(':popover-open')) return;
      event.preventDefault();
      panel.current.hidePopover();
    };
    window.addEventListener('keydown', swallow, { capture: true });
    return () => window.removeEventListener('keydown', swallow, { capture: true });
  }, []);
  return (
    <>
      <button type="button" popoverTarget={id}>
        {t('glossary.open')}
      </button>
      <div
        className="settings glossary"
        id={id}
        popover="auto"
        ref={panel}
        role="dialog"
        aria-label={t('glossary.open')}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open && <GlossaryList />}
      </div>
    </>
  );
}

function GlossaryList(): ReactNode {
  const { t, language } = useWords();
  const terms = useTerms();
  const [wanted, setWanted] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  if (!terms) return <p>{t('wait.view')}</p>;
  const shown = document.getElementById('main')?.innerText ?? '';
  const here = new Set(terms.find(shown).flatMap(({ term }) => (term === undefined ? [] : [term])));
  const sought = wanted.trim().toLowerCase();
  const names = (Object.keys(terms.glossary) as TermName[])
    .filter((name) => terms.glossary[name].some((text) => text.toLowerCase().includes(sought)))
    .sort((a, b) => terms.glossary[a][0].localeCompare(terms.glossary[b][0], language));
  const lists = [
    { title: t('glossary.here'), listed: names.filter((name) => here.has(name)) },
    { title: t('glossary.others'), listed: names.filter((name) => !here.has(name)) },
  ].filter(({ listed }) => listed.length > 0);
  return (
    <>
      <input
        ref={field}
        type="search"
        aria-label={t('glossary.search')}
        placeholder={t('glossary.search')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      {lists.length === 0 && <p role="status">{t('glossary.none')}</p>}
      {lists.map(({ title, listed }) => (
        <section key={title}>
          <h2>{title}</h2>
          <dl>
            {listed.map((name) => (
              <div key={name}>
                <dt>{terms.glossary[name][0]}</dt>
                <dd>{terms.glossary[name][1]}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}
