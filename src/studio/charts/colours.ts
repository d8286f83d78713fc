import { useEffect, useState } from 'react';

/** What charts draw with, as the page has it now. */
export interface ChartColours {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly card: string;
  readonly train: string;
  readonly val: string;
  /** By class, round again after ten. */
  readonly classes: readonly string[];
}

const names = ['ink', 'soft', 'line', 'card', 'train', 'val'] as const;
const classCount = 10;

/** Custom properties are resolved by an element that wears them: canvases take no `var()` and no `light-dark()`. */
function readColours(): ChartColours {
  const probe = document.createElement('i');
  document.body.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(names.map((name) => [name, read(name)])) as Record<(typeof names)[number], string>;
  const classes = Array.from({ length: classCount }, (_, i) => read(`class-${i}`));
  probe.remove();
  return { ...colours, classes };
}

/** The name of the custom property of a class's colour. */
export const classInk = (label: number): string => `var(--class-${label % classCount})`;

/** The colours of charts, read again when the page turns dark or light. */
export function useChartColours(): ChartColours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const read = (): void => setColours(readColours());
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', read);
    const chosen = new MutationObserver(read);
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      system.removeEventListener('change', read);
      chosen.disconnect();
    };
  }, []);
  return colours;
}
