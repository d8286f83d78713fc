import { layOut } from './graph-layout.ts';

/** Lays out beside the page: a network of a hundred layers takes longer than a frame. */
self.onmessage = ({ data: { draft, shown, turn } }: MessageEvent): void => {
  try {
    self.postMessage({ turn, placed: layOut(draft, shown) });
  } catch (error) {
    self.postMessage({ turn, error: error instanceof Error ? error.message : String(error) });
  }
};
