import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { TermName } from '../../core/workbench/course/glossary.ts';
import { BehindButton } from '../frame/behind-button.tsx';
import { useWords } from '../words/use-words.tsx';
import { useTerms } from './use-terms.ts';

/** All terms behind one button, those first that stand in the view as it is; the view stays where it is. */
export function GlossaryPanel(): ReactNode {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <BehindButton label={t('glossary.open')} className="settings glossary" onToggle={setOpen}>
      {open && <GlossaryList />}
    </BehindButton>
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
