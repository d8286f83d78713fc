import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../tests/memory-storage.ts';
import { type LockHost, takeLock, withLock } from './lock.ts';

/** A machine with a clock that a test turns, processes that a test ends, and heartbeats that a test lets come. */
function machine(files: Map<string, string>) {
  let time = Date.parse('2026-01-02T03:04:05Z');
  const living = new Set([11, 12, 13]);
  const beats = new Set<() => void>();
  const host = (process: number, name = 'desk'): LockHost => ({
    storage: memoryStorage(files),
    now: () => new Date(time).toISOString(),
    writer: { process, machine: name, isAlive: (id) => living.has(id) },
    every(_, work) {
      beats.add(work);
      return () => beats.delete(work);
    },
  });
  return {
    host,
    end: (process: number) => living.delete(process),
    pass(minutes: number, alive = true) {
      for (let i = 0; i < minutes; i++) {
        time += 60_000;
        if (alive) for (const beat of [...beats]) beat();
      }
    },
  };
}

const request = (doing = 'train', notes: string[] = []) => ({
  file: 'p/project.lock',
  subject: "project 'p'",
  doing,
  onNote: (text: string) => notes.push(text),
});

/** Lets heartbeats that were called end. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a lock', () => {
  it('keeps a second writer out, says who holds it, and is gone when it is given back', async () => {
    const files = new Map<string, string>();
    const { host } = machine(files);
    const lock = await takeLock(host(11), request());
    await expect(takeLock(host(12), request('label'))).rejects.toThrow(
      "Expected no other writer for project 'p' but received process 11, which is at 'fovea train' there since 2026-01-02 03:04 UTC",
    );
    // The same process twice, as a server may try.
    await expect(takeLock(host(11), request())).rejects.toThrow(/no other writer/);
    await lock.check();
    await lock.release();
    expect(files.size).toBe(0);
    await (await takeLock(host(12), request())).release();
  });

  it('is given back when the work fails', async () => {
    const files = new Map<string, string>();
    await expect(withLock(machine(files).host(11), request(), () => Promise.reject(new Error('x')))).rejects.toThrow();
    expect(files.size).toBe(0);
  });

  it('of a process that is no more is taken over, and that is told', async () => {
    const files = new Map<string, string>();
    const world = machine(files);
    await takeLock(world.host(11), request());
    world.end(11);
    const notes: string[] = [];
    const lock = await takeLock(world.host(12), request('train', notes));
    expect(notes).toEqual(["Took over a lock of project 'p' that was left behind: process 11 is no more."]);
    expect([...files.keys()]).toEqual(['p/project.lock']);
    await lock.release();
    expect(files.size).toBe(0);
  });

  it('of an earlier process with our own number is taken over, as in a container', async () => {
    const files = new Map<string, string>();
    const { host } = machine(files);
    await (await takeLock(host(11), request())).check();
    const [file, text] = [...files][0];
    files.set(file, text.replace(/"token":"[^"]*"/, '"token":"before"'));
    const notes: string[] = [];
    await takeLock(host(11), request('train', notes));
    expect(notes).toHaveLength(1);
  });

  it('of another machine holds while it gives signs of life, and ten minutes longer', async () => {
    const files = new Map<string, string>();
    const world = machine(files);
    const first = await takeLock(world.host(99, 'laptop'), request());
    world.pass(30);
    await settle();
    await expect(takeLock(world.host(12), request())).rejects.toThrow(
      /process 99 on 'laptop'.*should it be gone for good, delete 'p\/project\.lock'/,
    );
    world.pass(9, false);
    await expect(takeLock(world.host(12), request())).rejects.toThrow(/no other writer/);
    world.pass(2, false);
    const notes: string[] = [];
    await takeLock(world.host(12), request('train', notes));
    expect(notes[0]).toContain("process 99 on 'laptop' gave no sign for 11 minutes");
    // The laptop wakes up: it must not write any more, and must not take our lock away.
    await expect(first.check()).rejects.toThrow(/Another Fovea took over the writing of project 'p'/);
    await first.release();
    expect(JSON.parse(files.get('p/project.lock')!).process).toBe(12);
  });

  it('is taken over by one of several, also where one ended while it took over', async () => {
    const files = new Map<string, string>();
    const world = machine(files);
    await takeLock(world.host(11), request());
    world.end(11);
    files.set('p/project.lock.taking', files.get('p/project.lock')!);
    const taken = await Promise.allSettled([12, 13].map((id) => takeLock(world.host(id), request())));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('that is none of ours is told, not removed', async () => {
    const files = new Map([['p/project.lock', 'mine']]);
    await expect(takeLock(machine(files).host(11), request())).rejects.toThrow(
      /Expected a lock of Fovea for file 'p\/project\.lock'.*delete the file/,
    );
    expect(files.get('p/project.lock')).toBe('mine');
  });
});
