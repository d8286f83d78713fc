import type { ReactNode } from 'react';
import { Choices } from '../controls/choices.tsx';
import { languages, useWords } from '../words/use-words.tsx';
import { BehindButton } from './behind-button.tsx';
import { themes, useTheme } from './theme.ts';

/** Language and light, behind one button. */
export function Settings(): ReactNode {
  const { t, language, setLanguage } = useWords();
  const [theme, setTheme] = useTheme();
  return (
    <BehindButton label={t('settings.open')} className="settings">
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
    </BehindButton>
  );
}
