// Runs a program: a list of kernel calls in memory, the same on every thread. Threads take chunks of a call by an
// atomic counter and meet at a barrier after it. See core/backend/wasm.ts for the writer of these records.
//
// Program at `program`: i32 count, i32 n, i32 bytes of a thread's scratch that each call may leave anything in, then from byte
// 64 one record a call: i32 kernel, i32 chunks, u32 args, i32 0.
// Kernel -1 is a region, whose chunks are blocks of samples. Its args: i32 samples of a block, i32 calls, u32 their records
// (i32 kernel, i32 chunks of a whole block, i32 chunks of the last, i32 byte offset of its args), i32 patches, u32 their
// records (i32 byte offset of the word, u32 address for sample 0, i32 bytes of a sample, i32 0), u32 args of thread 0,
// i32 bytes between the args of threads.
// Control block at `control`, one cache line each: +0 chunk counter, +64 arrived, +128 generation, +192 aborted.

import { dispatch } from './dispatch';

// Some 10 microseconds: what small batches wait for each other between layers. Sleeping and waking takes three times that.
const SPIN: i32 = 10000;

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
          if (kernel < 0) runBlock(args, chunk, n, thread, scratch);
          else dispatch(kernel, args, chunk, n, scratch);
        }
        meet(control, threads);
        if (atomic.load<i32>(control, 192) != 0) return 1;
        continue;
      }
    }
    for (let chunk = 0; chunk < chunks; chunk++) {
      if (kernel < 0) runBlock(args, chunk, n, thread, scratch);
      else dispatch(kernel, args, chunk, n, scratch);
    }
  }
  return 0;
}

/** Takes one block of samples through all calls of a region. */
function runBlock(region: usize, block: i32, n: i32, thread: i32, scratch: usize): void {
  const samples = load<i32>(region, 0);
  const first = block * samples;
  const count = min(samples, n - first);
  const args = <usize>load<u32>(region, 20) + <usize>(thread * load<i32>(region, 24));
  let patch = <usize>load<u32>(region, 16);
  for (let i = load<i32>(region, 12); i > 0; i--, patch += 16) {
    store<u32>(args + load<u32>(patch), load<u32>(patch, 4) + first * load<u32>(patch, 8));
  }
  let call = <usize>load<u32>(region, 8);
  for (let i = load<i32>(region, 4); i > 0; i--, call += 16) {
    const chunks = count == samples ? load<i32>(call, 4) : load<i32>(call, 8);
    for (let chunk = 0; chunk < chunks; chunk++) dispatch(load<i32>(call), args + load<u32>(call, 12), chunk, count, scratch);
  }
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
