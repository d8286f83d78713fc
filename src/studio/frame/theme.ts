import { useState } from 'react';

/** 'auto': as the system has it. */
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const remembered = 'fovea.theme';

function read(): Theme {
  try {
    const kept = localStorage.getItem(remembered) as Theme;
    return themes.includes(kept) ? kept : 'auto';
  } catch {
    return 'auto';
  }
}

export function applyTheme(theme: Theme = read()): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(read);
  return [
    theme,
    (next) => {
      setTheme(next);
      applyTheme(next);
      try {
        localStorage.setItem(remembered, next);
      } catch {
        // Remembered for this visit alone.
      }
    },
  ];
}
