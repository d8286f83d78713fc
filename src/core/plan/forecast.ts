import { elementCount } from '../graph/graph.ts';
import type { Plan } from './compile.ts';
import { alignment, alignUp } from './memory.ts';
import { layOutProgram } from './program-layout.ts';

/** What an engine has reserved so far, in bytes. */
export interface Reserved {
  /** All up to the highest address in use. */
  readonly used: number;
  /** The memory itself: whole pages. */
  readonly memory: number;
  /** The workspace that all programs share. */
  readonly workspace: number;
  /** Scratch of all threads together. */
  readonly threadScratch: number;
  /** Names of the persistent values that have their place already. */
  readonly names: readonly string[];
}

/** What an engine will have reserved when plans are loaded, in bytes. */
export interface EngineMemory {
  /** Parameters and running statistics. */
  readonly weights: number;
  /** What the optimizer remembers, and gradients that are kept from one run to the next. */
  readonly optimizer: number;
  /** Inputs, activations, gradients and scratch, which all programs lay out in the same room. */
  readonly workspace: number;
  /** Of all threads together. */
  readonly threadScratch: number;
  /** Lists of kernel calls, tables, and weights in the order in which kernels read them. */
  readonly programs: number;
  /** All up to the highest address in use; what is not listed above was there before, or lies between. */
  readonly used: number;
  /** The memory itself: whole pages. */
  readonly memory: number;
}

/** WebAssembly grows its memory by pages. */
const pageBytes = 65536;
/** What 32-bit addresses reach. */
export const mostEngineBytes = 65536 * pageBytes;

/**
 * Foretells what an engine will reserve for plans that are loaded one after the other, by the engine's own rules, without
 * reserving anything: the numbers are those that the engine comes to, exactly.
 */
export function forecastEngine(plans: readonly Plan[], threads: number, now: Reserved): EngineMemory {
  let used = now.used;
  const reserve = (bytes: number): number => {
    used = alignUp(used + bytes);
    return bytes;
  };
  const names = new Set(now.names);
  const sums = { weights: 0, optimizer: 0, programs: 0 };
  let { workspace, threadScratch } = now;
  for (const plan of plans) {
    for (const value of plan.persistent) {
      const bytes = 4 * elementCount(value, 1);
      if (!names.has(value.name)) {
        names.add(value.name);
        reserve(bytes);
      }
    }
    if (plan.workspaceBytes > workspace) workspace = reserve(plan.workspaceBytes);
    const scratch = alignUp(plan.threadScratchBytes) * threads;
    if (scratch > threadScratch) threadScratch = reserve(scratch);
    const before = used;
    layOutProgram(plan, threads, (bytes) => {
      const at = used;
      reserve(bytes);
      return at;
    });
    sums.programs += used - before;
  }
  const persistent = new Map(plans.flatMap((plan) => plan.persistent.map((value) => [value.name, value] as const)));
  for (const value of persistent.values()) {
    sums[value.role === 'state' ? 'optimizer' : 'weights'] += 4 * elementCount(value, 1);
  }
  const memory = Math.max(now.memory, alignUp(used + alignment, pageBytes));
  return { ...sums, workspace, threadScratch, used, memory };
}
