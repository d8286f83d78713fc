import type { Picture } from '../../image/picture.ts';
import { type ExplainedPicture, type Explaining, openExplaining } from '../explain.ts';
import type { StudioHost } from './host.ts';
import { type KeptByRun, keepByRun } from './kept-by-run.ts';
import { createMemoryCache, type MemoryCache } from './memory-cache.ts';

/** A picture that is asked about, and how to get it where it is not open yet. */
export interface AskedPicture {
  /** The same for the same picture. */
  readonly key: string;
  read(): Promise<Picture>;
}

/** Trained models that are looked into. */
export interface ExplanationKeeper {
  /** @param run a run's folder. @throws FoveaError where there is no model yet. */
  about<T>(
    run: string,
    picture: AskedPicture,
    work: (explaining: Explaining, picture: ExplainedPicture) => Promise<T>,
  ): Promise<T>;
  /** About the network alone, or its data. */
  within<T>(run: string, work: (explaining: Explaining) => Promise<T>): Promise<T>;
  /** Told before a question that compiles a program of its own for a layer: too many of them, and it is opened anew. */
  willCompile(run: string, program: string): Promise<void>;
  /** Pictures that somebody brought to look into: drawn, dropped, filmed. */
  readonly brought: MemoryCache<Picture>;
  close(): Promise<void>;
}

/** Two networks are looked into at once: to compare them. */
const most = 2;
/** Bytes for activations and gradients of each. */
const room = 128 * 2 ** 20;
/** Bytes for brought pictures. */
const roomBrought = 32 * 2 ** 20;
/** As many pictures stay open in an explanation (`Explaining.open`), so that a number that is known here is known there. */
const mostPictures = 64;
/** Programs of single layers hold their memory until the engine is closed. */
const mostPrograms = 24;

interface Held {
  readonly explaining: Explaining;
  readonly pictures: Map<string, ExplainedPicture>;
  readonly programs: Set<string>;
}

export function createExplanationKeeper(host: StudioHost): ExplanationKeeper {
  const kept: KeptByRun<Held> = keepByRun(
    host,
    most,
    async (run) => ({
      explaining: await openExplaining(host, { run, threads: 1, room }),
      pictures: new Map(),
      programs: new Set(),
    }),
    ({ explaining }) => explaining.close(),
  );
  return {
    async about(run, asked, work) {
      const { use } = await kept.open(run);
      return use(async ({ explaining, pictures }) => {
        let picture = pictures.get(asked.key);
        if (!picture) {
          picture = await explaining.open(await asked.read());
          pictures.set(asked.key, picture);
          for (const old of pictures.keys()) if (pictures.size > mostPictures) pictures.delete(old);
        }
        return work(explaining, picture);
      });
    },
    async within(run, work) {
      const { use } = await kept.open(run);
      return use(({ explaining }) => work(explaining));
    },
    async willCompile(run, program) {
      const { programs } = (await kept.open(run)).value;
      if (programs.size >= mostPrograms && !programs.has(program)) await kept.drop(run);
      else programs.add(program);
    },
    brought: createMemoryCache(roomBrought),
    close: () => kept.close(),
  };
}
