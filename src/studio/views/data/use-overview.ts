import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from '../../client/use-client.tsx';
import { type BlockImage, toImage } from '../../gallery/blocks.ts';

/** Pictures that are asked for at once: few while they are made, so that what is in sight need not wait long. */
const fewest = 128;
const most = 4096;
/** An answer within this was known already, in milliseconds. */
const quick = 100;
/** Between two questions: what is in sight comes first. */
const pause = 20;
/** While a training computes nothing is made. */
const patience = 2000;
/** Blocks that are kept as images. */
const keptImages = 256;

interface Held {
  readonly side: number;
  /** [picture, side, side, 3], by `placeOf`. */
  readonly pixels: Uint8Array;
  readonly placeOf: Map<number, number>;
}

/**
 * All pictures of data, very small, gathered in the background: what stands for a block of the gallery until it is there.
 * @param ids the numbers that the gallery shows, in its order. @param blockSize how many of them a block has.
 */
export function useOverview(
  data: string,
  version: string,
  ids: Uint32Array | undefined,
  blockSize: number,
): { readonly whole: boolean; of(block: number): BlockImage | undefined } {
  const client = useClient();
  const held = useRef<Held | undefined>(undefined);
  const [whole, setWhole] = useState(false);
  const images = useRef(new Map<number, BlockImage>());

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version means other pictures.
  useEffect(() => {
    const control = new AbortController();
    held.current = undefined;
    setWhole(false);
    const gather = async (): Promise<void> => {
      let limit = fewest;
      for (let from = 0, total = 1; from < total; ) {
        await wait(pause, control.signal);
        const begun = performance.now();
        const some = await client.ask('data.overview', { data, from, limit }, control.signal);
        total = some.total;
        held.current ??= {
          side: some.side,
          pixels: new Uint8Array(total * 3 * some.side * some.side),
          placeOf: new Map(),
        };
        const { pixels, placeOf } = held.current;
        pixels.set(some.pixels, from * 3 * some.side * some.side);
        for (const [i, id] of some.ids.entries()) placeOf.set(id, from + i);
        from += some.ids.length;
        limit = performance.now() - begun < quick ? Math.min(most, 2 * limit) : fewest;
        if (some.ids.length === 0 && from < total) await wait(patience, control.signal);
      }
      setWhole(true);
    };
    // It is a comfort: without it cells are grey until their pictures come.
    gather().catch(() => undefined);
    return () => control.abort();
  }, [client, data, version]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other numbers mean other blocks.
  useEffect(() => {
    images.current.clear();
  }, [ids, version]);

  const of = useCallback(
    (block: number): BlockImage | undefined => {
      const known = images.current.get(block);
      if (known) return known;
      if (!held.current || !ids) return undefined;
      const made = imageOf(held.current, ids.subarray(block * blockSize, (block + 1) * blockSize));
      if (!made) return undefined;
      images.current.set(block, made);
      for (const oldest of images.current.keys()) {
        if (images.current.size <= keptImages) break;
        images.current.delete(oldest);
      }
      return made;
    },
    [ids, blockSize],
  );
  return { whole, of };
}

/** Undefined while one of them is missing. */
function imageOf({ side, pixels, placeOf }: Held, ids: Uint32Array): BlockImage | undefined {
  const size = side * side;
  const block = new Uint8Array(4 * size * ids.length);
  let at = 0;
  for (const id of ids) {
    const place = placeOf.get(id);
    if (place === undefined) return undefined;
    for (let from = 3 * size * place; from < 3 * size * (place + 1); from += 3, at += 4) {
      block[at] = pixels[from];
      block[at + 1] = pixels[from + 1];
      block[at + 2] = pixels[from + 2];
      block[at + 3] = 255;
    }
  }
  return toImage({ count: ids.length, side, pixels: block });
}

const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
