import { z } from 'zod';
import { FoveaError, mismatch } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import type { Adapters } from './adapters.ts';
import { readText } from './storage.ts';

const lockSchema = z.object({
  format: z.literal('fovea-lock'),
  version: z.literal(1),
  /** Tells this taking from every other. */
  token: z.string(),
  process: z.int(),
  machine: z.string(),
  /** What it is held for: `train`. */
  doing: z.string(),
  since: z.string(),
  /** The last sign of life. Both ISO 8601, UTC. */
  beat: z.string(),
});
type LockFile = z.infer<typeof lockSchema>;

/** What of the host a lock needs. */
export type LockHost = Pick<Adapters, 'storage' | 'now' | 'writer' | 'every'>;

/** The right to write, until it is given back. */
export interface Lock {
  /** @throws FoveaError when another writer took it meanwhile: nothing may be written any more. */
  check(): Promise<void>;
  release(): Promise<void>;
}

export interface LockRequest {
  readonly file: string;
  /** What is locked, as errors name it: `project 'leaves'`. */
  readonly subject: string;
  /** One word: `train`, `label`. */
  readonly doing: string;
  readonly onNote?: (text: string) => void;
}

const beatMilliseconds = 20_000;
/** Long enough for a machine that sleeps for a moment, and for clocks of two machines that differ a little. */
const silentMilliseconds = 600_000;

/** Tokens held by this process: its own number in a file says nothing, a container's first process is always 1. */
const held = new Set<string>();
let takings = 0;

/**
 * Takes a lock file, for one writer at a time: it names process and machine and is written again every 20 seconds. One
 * whose process is no more, or that gave no sign for 10 minutes, is taken over, which `onNote` tells.
 * @throws FoveaError saying who holds it.
 */
export async function takeLock(host: LockHost, request: LockRequest): Promise<Lock> {
  const { storage, writer } = host;
  const { file, subject, doing, onNote } = request;
  const now = host.now();
  const token = `${writer.process}-${now}-${++takings}`;
  const { process, machine } = writer;
  const mine = { format: 'fovea-lock', version: 1, token, process, machine, doing, since: now, beat: now } as const;
  held.add(token);
  try {
    if (!(await storage.create(file, textOf(mine)))) await takeOver(host, request, mine, onNote);
  } catch (error) {
    held.delete(token);
    throw error;
  }
  return keep(host, file, subject, mine);
}

/** Holds a lock while something is done. */
export async function withLock<T>(host: LockHost, request: LockRequest, work: (lock: Lock) => Promise<T>): Promise<T> {
  const lock = await takeLock(host, request);
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
}

function keep(host: LockHost, file: string, subject: string, mine: LockFile): Lock {
  const { storage } = host;
  let lost = false;
  /** One after the other, so that no late sign of life makes the file anew after it was given back. */
  let last: Promise<void> = Promise.resolve();
  const isMine = async (): Promise<boolean> => (await readLock(host, file))?.token === mine.token;
  const beat = async (): Promise<void> => {
    try {
      if (!(await isMine())) lost = true;
      else await storage.write(file, textOf({ ...mine, beat: host.now() }));
    } catch (error) {
      // A full disk takes no sign of life; the next one may be taken.
      if (!(error instanceof FoveaError)) throw error;
    }
  };
  const stop = host.every(beatMilliseconds, () => {
    last = last.then(beat);
  });
  return {
    async check() {
      await last;
      lost ||= !(await isMine());
      if (lost) {
        throw new FoveaError(
          `Another Fovea took over the writing of ${subject}, since this one gave no sign for long`,
          'What was saved before is kept',
        );
      }
    },
    async release() {
      stop();
      held.delete(mine.token);
      await last;
      if (!lost && (await isMine().catch(() => false))) await storage.remove(file);
    },
  };
}

/** In the place of a lock that nobody holds any more. A second file lets only one of several do so. */
async function takeOver(
  host: LockHost,
  { file, subject }: LockRequest,
  mine: LockFile,
  onNote: ((text: string) => void) | undefined,
): Promise<void> {
  const { storage } = host;
  const found = await readLock(host, file);
  const gone = found && whyGone(host, found);
  if (found && gone === undefined) throw heldBy(host, file, subject, found);
  const gate = `${file}.taking`;
  if (!(await storage.create(gate, textOf(mine)))) {
    const taking = await readLock(host, gate);
    if (taking && whyGone(host, taking) === undefined) throw heldBy(host, file, subject, taking);
    // Whoever took over ended in the midst of it.
    await storage.remove(gate);
    if (!(await storage.create(gate, textOf(mine)))) throw heldBy(host, file, subject, mine);
  }
  try {
    const again = await readLock(host, file);
    if (again && again.token !== found?.token) throw heldBy(host, file, subject, again);
    await storage.write(file, textOf(mine));
  } finally {
    await storage.remove(gate);
  }
  if (found) onNote?.(`Took over a lock of ${subject} that was left behind: ${gone}.`);
}

/** Undefined where there is none. */
async function readLock({ storage }: LockHost, file: string): Promise<LockFile | undefined> {
  if ((await storage.kind(file)) === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(await readText(storage, file));
  } catch (error) {
    // It may be given back between the two looks.
    if ((await storage.kind(file)) === undefined) return undefined;
    if (error instanceof FoveaError) throw error;
  }
  const result = lockSchema.safeParse(value);
  if (result.success) return result.data;
  const mend = 'If no other Fovea writes there, delete the file';
  throw mismatch('a lock of Fovea', `file ${quotePath(file)}`, 'another content', mend);
}

/** Why nobody holds it, as a clause; undefined while somebody does. */
function whyGone({ writer, now }: LockHost, lock: LockFile): string | undefined {
  const silent = Date.parse(now()) - Date.parse(lock.beat);
  if (lock.machine === writer.machine) {
    const own = lock.process === writer.process;
    if (own ? !held.has(lock.token) : !writer.isAlive(lock.process)) return `process ${lock.process} is no more`;
  }
  if (silent <= silentMilliseconds) return undefined;
  return `${whoIs(writer, lock)} gave no sign for ${Math.floor(silent / 60_000)} minutes`;
}

function heldBy({ writer }: LockHost, file: string, subject: string, lock: LockFile): FoveaError {
  const here = lock.machine === writer.machine;
  const mend = here
    ? 'Wait until it is done, or end it'
    : `Wait until it is done; should it be gone for good, delete ${quotePath(file)}`;
  const since = lock.since.slice(0, 16).replace('T', ' ');
  const who = `${whoIs(writer, lock)}, which is at 'fovea ${lock.doing}' there since ${since} UTC`;
  return mismatch('no other writer', subject, who, mend);
}

const whoIs = (writer: LockHost['writer'], { process, machine }: LockFile): string =>
  machine === writer.machine ? `process ${process}` : `process ${process} on ${quotePath(machine)}`;

const textOf = (lock: LockFile): string => `${JSON.stringify(lock)}\n`;
