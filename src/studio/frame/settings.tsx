import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Choices } from '../controls/choices.tsx';
import { languages, useWords } from '../words/use-words.tsx';
import { themes, useTheme } from './theme.ts';

/** Language and light, behind one button. */
export function Settings(): ReactNode {
  const { t, language, setLanguage } = useWords();
  const [theme, setTheme] = useTheme();
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Escape closes the panel by itself; the view must not take it as a step up.
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
        {t('settings.open')}
      </button>
      <div className="settings" id={id} popover="auto" ref={panel} role="dialog" aria-label={t('settings.open')}>
        <p>{t('settings.language')}</p>
        <Choices
          label={t('settings.language')}
          value={language}
          choices={languages.map(({ code, name }) => ({ value: code, label: name }))}
          onChange={setLanguage}
        />
        <p>{t('settings.theme')}</p>
        <Choices
          label={t('settings.theme')}
          value={theme}
          choices={themes.map((value) => ({ value, label: t(`settings.${value}`) }))}
          onChange={setTheme}
        />
      </div>
    </>
  );
}
