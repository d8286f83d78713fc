import { duration, percent } from './numbers.ts';
import { painter, type Terminal, widthOf } from './terminal.ts';

/** One line of progress that draws itself again in place; nothing where nobody watches. */
export interface ProgressLine {
  /** @param share 0 … 1. @param secondsLeft undefined while unknown. */
  show(label: string, share: number, secondsLeft: number | undefined, facts: string): void;
  /** Takes the line away, so that other text can be written. */
  clear(): void;
}

const barWidth = 24;
const milliseconds = 80;

export function createProgressLine(terminal: Terminal, clock: () => number): ProgressLine {
  const paint = painter(terminal);
  let shown = false;
  let last = -Infinity;
  const clear = (): void => {
    if (shown) terminal.err('\r\u001b[K');
    shown = false;
  };
  return {
    clear,
    show(label, share, secondsLeft, facts) {
      const now = clock();
      if (!terminal.live || now - last < milliseconds) return;
      last = now;
      const whole = Math.min(1, Math.max(0, share)) * barWidth;
      const full = Math.floor(whole);
      const half = whole - full >= 0.5 && full < barWidth ? '╸' : '';
      const bar = paint('train', '━'.repeat(full) + half) + paint('faint', '─'.repeat(barWidth - full - half.length));
      const left = secondsLeft === undefined ? '' : ` · ${duration(secondsLeft)} left`;
      let line = `${label} ${bar} ${percent(share, 0).padStart(5)}${left}${facts === '' ? '' : ` · ${facts}`}`;
      // A line that wraps could not be taken away again: leave facts out until it fits.
      for (let rest = facts; widthOf(line) >= terminal.columns && rest !== ''; ) {
        rest = rest.slice(0, Math.max(0, rest.lastIndexOf(' · ')));
        line = `${label} ${bar} ${percent(share, 0).padStart(5)}${left}${rest === '' ? '' : ` · ${rest}`}`;
      }
      if (widthOf(line) >= terminal.columns) line = `${label} ${percent(share, 0)}${left}`;
      terminal.err(`\r\u001b[K${line}`);
      shown = true;
    },
  };
}

/** Estimates how long a work still takes, from how fast it went since it began or went on. */
export function createEstimate(clock: () => number): (share: number) => number | undefined {
  let begin: { time: number; share: number } | undefined;
  return (share) => {
    const time = clock();
    begin ??= { time, share };
    const done = share - begin.share;
    const seconds = (time - begin.time) / 1000;
    // The first moments (compilation, warm-up) say nothing yet.
    if (done <= 0 || seconds < 1) return undefined;
    return (seconds / done) * (1 - share);
  };
}
