// Runs a program: a list of kernel calls in memory, the same on every thread. Threads take chunks of a call by an
// atomic counter and meet at a barrier after it. See core/backend/wasm.ts for the writer of these records.
//
// Program at `program`: i32 count, i32 n, then from byte 64 one record a call: i32 kernel, i32 chunks, u32 args, i32 0.
// Control block at `control`, one cache line each: +0 chunk counter, +64 arrived, +128 generation, +192 aborted.

import { dispatch } from './dispatch';

const SPIN: i32 = 2000;

// Waiting and waking are the host's Atomics.wait and Atomics.notify, not the instructions: the baseline compiler of
// V8 11 (Node 20) loses locals of a function across `memory.atomic.wait32`, so that a thread left this loop early.
/** Sleeps while the word at `address` is `value`, for at most some 50 ms: a thread that died never wakes anybody. */
// @ts-ignore: decorator
@external("env", "wait")
declare function wait(address: usize, value: i32): void;
// @ts-ignore: decorator
@external("env", "notify")
declare function notify(address: usize): void;

/** Returns 0 when all calls ran, 1 when the run was aborted. */
export function run(program: usize, control: usize, thread: i32, threads: i32, scratch: usize): i32 {
  const count = load<i32>(program, 0);
  const n = load<i32>(program, 4);
  let record = program + 64;
  for (let i = 0; i < count; i++, record += 16) {
    const kernel = load<i32>(record, 0);
    const chunks = load<i32>(record, 4);
    const args = <usize>load<u32>(record, 8);
    if (ASC_FEATURE_THREADS) {
      if (threads > 1) {
        for (;;) {
          const chunk = atomic.add<i32>(control, 1);
          if (chunk >= chunks) break;
          dispatch(kernel, args, chunk, n, scratch);
        }
        meet(control, threads);
        if (atomic.load<i32>(control, 192) != 0) return 1;
        continue;
      }
    }
    for (let chunk = 0; chunk < chunks; chunk++) dispatch(kernel, args, chunk, n, scratch);
  }
  return 0;
}

/** The barrier: a short spin, then a wait. Returns at once when the run was aborted. */
function meet(control: usize, threads: i32): void {
  const generation = atomic.load<i32>(control, 128);
  if (atomic.add<i32>(control, 1, 64) == threads - 1) {
    atomic.store<i32>(control, 0);
    atomic.store<i32>(control, 0, 64);
    atomic.store<i32>(control, generation + 1, 128);
    notify(control + 128);
  } else {
    let spins = SPIN;
    while (spins > 0 && atomic.load<i32>(control, 128) == generation) spins--;
    while (atomic.load<i32>(control, 128) == generation && atomic.load<i32>(control, 192) == 0) {
      wait(control + 128, generation);
    }
  }
}
