/** Keys as a person presses them, one at a time. */
export interface Keyboard {
  /** A character, or `enter`, `backspace`, `escape`, `ctrl-c`; ends when the input does, or at the abort. */
  keys(signal: AbortSignal): AsyncIterable<string>;
}

interface KeyInput {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  off(event: 'data' | 'end', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** The keyboard of a terminal; undefined where nobody sits at one. */
export function createKeyboard(input: KeyInput): Keyboard | undefined {
  if (!input.isTTY || !input.setRawMode) return undefined;
  return {
    async *keys(signal) {
      const waiting: string[] = [];
      let ended = false;
      let wake = (): void => undefined;
      const take = (chunk: Buffer | string): void => {
        waiting.push(...keysIn(chunk.toString()));
        wake();
      };
      const end = (): void => {
        ended = true;
        wake();
      };
      input.setRawMode!(true);
      input.on('data', take);
      input.on('end', end);
      signal.addEventListener('abort', end);
      input.resume();
      try {
        while (!ended && !signal.aborted) {
          const key = waiting.shift();
          if (key !== undefined) yield key;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        signal.removeEventListener('abort', end);
        input.off('data', take as () => void);
        input.off('end', end);
        input.setRawMode!(false);
        input.pause();
      }
    },
  };
}

/** What was pressed, from what a terminal sends. Arrows and other sequences are nothing here. */
export function keysIn(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys are sent as such
  const plain = text.replace(/\u001b[[O][0-9;]*[A-Za-z~]/g, '');
  return [...plain].flatMap((key) => {
    if (key === '\r' || key === '\n') return ['enter'];
    if (key === '\u0003' || key === '\u0004') return ['ctrl-c'];
    if (key === '\u007f' || key === '\b') return ['backspace'];
    if (key === '\u001b') return ['escape'];
    return key < ' ' ? [] : [key];
  });
}
