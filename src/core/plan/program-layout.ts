import { isPersistent, type Value } from '../graph/graph.ts';
import type { Plan, PlannedCall, Stage } from './compile.ts';
import { alignUp } from './memory.ts';
import type { Region } from './regions.ts';

/** A word of a region's arguments that says where a batched value of the workspace begins for the block at hand. */
interface Patch {
  /** Bytes from the first argument of a thread. */
  readonly at: number;
  readonly value: Value;
}

/** Where a region lies: see kernels/run.ts. */
export interface RegionLayout {
  readonly stage: Stage & { readonly region: Region };
  readonly descriptor: number;
  readonly calls: number;
  readonly patchesAddress: number;
  readonly patches: readonly Patch[];
  /** Where each call's arguments begin among those of a thread. */
  readonly argumentOffsets: readonly number[];
  readonly threadArguments: number;
  readonly threadStride: number;
}

/** Where a plan's own things lie: all but its workspace and the threads' scratch, which programs share. */
export interface ProgramLayout {
  /** A header of 64 bytes, then 16 a call. */
  readonly records: number;
  readonly prepared: number;
  /** Arguments of calls outside regions. */
  readonly callArguments: ReadonlyMap<PlannedCall, number>;
  readonly regions: ReadonlyMap<Stage, RegionLayout>;
  readonly tables: ReadonlyMap<Int32Array, number>;
}

/** Lays a program out. @param reserve takes that many bytes and gives their address; called once for each thing. */
export function layOutProgram(plan: Plan, threads: number, reserve: (bytes: number) => number): ProgramLayout {
  const callArguments = new Map<PlannedCall, number>();
  const regions = new Map<Stage, RegionLayout>();
  const tables = new Map<Int32Array, number>();
  const records = reserve(64 + 16 * plan.calls.length);
  const prepared = reserve(plan.preparedBytes);
  const single = [...plan.preparations, ...plan.stages.flatMap(({ calls, region }) => (region ? [] : calls))];
  for (const call of single) callArguments.set(call, reserve(4 * Math.max(call.args.length, 1)));
  for (const stage of plan.stages)
    if (hasRegion(stage)) regions.set(stage, layOutRegion(plan, stage, threads, reserve));
  for (const call of plan.calls)
    for (const argument of call.args) {
      if (typeof argument !== 'object' || !('table' in argument) || tables.has(argument.table)) continue;
      tables.set(argument.table, reserve(argument.table.byteLength));
    }
  return { records, prepared, callArguments, regions, tables };
}

const hasRegion = (stage: Stage): stage is RegionLayout['stage'] => stage.region !== undefined;

function layOutRegion(
  plan: Plan,
  stage: RegionLayout['stage'],
  threads: number,
  reserve: (bytes: number) => number,
): RegionLayout {
  const argumentOffsets: number[] = [];
  const patches: Patch[] = [];
  let bytes = 0;
  for (const { args } of stage.calls) {
    argumentOffsets.push(bytes);
    args.forEach((argument, i) => {
      if (typeof argument !== 'object' || !('value' in argument)) return;
      const { value } = argument;
      if (value.batched && !isPersistent(value) && plan.places.get(value)?.home === 'workspace')
        patches.push({ at: bytes + 4 * i, value });
    });
    bytes += 4 * args.length;
  }
  const threadStride = alignUp(bytes);
  return {
    stage,
    descriptor: reserve(64),
    calls: reserve(16 * stage.calls.length),
    patchesAddress: reserve(16 * patches.length),
    patches,
    argumentOffsets,
    threadArguments: reserve(threadStride * threads),
    threadStride,
  };
}
