import { bytesPerElement, elementCount, isPersistent, type Value } from '../graph/graph.ts';
import type { Step } from './fuse.ts';
import { type Lifetime, placeInWorkspace } from './memory.ts';
import type { Region } from './regions.ts';

/** What lives when, in bytes and step numbers, and where. */
export interface PlacedLifetime extends Lifetime {
  readonly offset: number;
  /** Memory of a kernel instead of a value. */
  readonly isScratch: boolean;
}

/** Memory that a lowering asked for. */
export interface Scratch {
  readonly bytes: number;
  readonly step: number;
  /** Whose arena it belongs to. */
  readonly region: Region | undefined;
  /** It stays for the program's whole life. */
  readonly prepared?: boolean;
}

/** Which values lie where, from when to when. */
export class Scopes {
  /** The region of each step. */
  readonly regionOf: readonly (Region | undefined)[];
  /** The region of values that nobody outside it sees. */
  private readonly localTo = new Map<Value, Region>();
  /** Values that the steps touch, with the first and the last step that does. */
  private readonly lives = new Map<Value, { from: number; to: number }>();

  constructor(
    private readonly steps: readonly Step[],
    regions: readonly Region[],
    private readonly pinned: ReadonlySet<Value>,
    private readonly capacity: number,
  ) {
    this.regionOf = steps.map((_, step) => regions.find(({ from, to }) => from <= step && step < to));
    const touch = (value: Value, from: number, to: number): void => {
      const life = this.lives.get(value);
      if (!life) this.lives.set(value, { from, to });
      else this.lives.set(value, { from: Math.min(life.from, from), to: Math.max(life.to, to) });
    };
    steps.forEach(({ inputs, outputs }, step) => {
      for (const value of [...inputs, ...outputs]) touch(value, value.role === 'input' ? 0 : step, step);
    });
    for (const value of pinned) touch(value, this.lives.has(value) ? steps.length : 0, steps.length);
    for (const [value, { from, to }] of this.lives) {
      const region = this.regionOf[from];
      if (region && value.batched && value.role === 'intermediate' && to < region.to) this.localTo.set(value, region);
    }
    // Blocks go through a region one after the other: what it shares with others lives while any block does.
    for (const [value, { from, to }] of this.lives) {
      if (!this.localTo.has(value))
        touch(value, this.regionOf[from]?.from ?? from, (this.regionOf[to]?.to ?? to + 1) - 1);
    }
  }

  /** Places what lives in one region's arena, or (undefined) in the workspace. */
  place(
    region: Region | undefined,
    scratches: readonly Scratch[],
  ): {
    readonly offsets: ReadonlyMap<Value, number>;
    readonly scratchOffsets: ReadonlyMap<Scratch, number>;
    readonly bytes: number;
    readonly lifetimes: readonly PlacedLifetime[];
  } {
    const samples = region?.samples ?? this.capacity;
    const members = [...this.lives.keys()].filter(
      (value) => !isPersistent(value) && this.localTo.get(value) === region,
    );
    const bytesOf = (value: Value): number => elementCount(value, samples) * bytesPerElement[value.type];
    const { storageOf, endOf } = this.shareStorage(region, bytesOf);
    const owners = members.filter((value) => storageOf(value) === value);
    const here = scratches.filter((scratch) => !scratch.prepared && scratch.region === region);
    const lifetimes = [
      ...owners.map((value) => ({
        name: value.name,
        bytes: bytesOf(value),
        from: this.lives.get(value)?.from as number,
        to: endOf(value),
        isScratch: false,
      })),
      ...here.map(({ bytes, step }) => ({ name: 'scratch', bytes, from: step, to: step, isScratch: true })),
    ];
    const { offsets, bytes } = placeInWorkspace(lifetimes);
    const offsetOf = new Map(owners.map((value, i) => [value, offsets[i]]));
    return {
      offsets: new Map(members.map((value) => [value, offsetOf.get(storageOf(value)) as number])),
      scratchOffsets: new Map(here.map((scratch, i) => [scratch, offsets[owners.length + i]])),
      bytes,
      lifetimes: lifetimes.map((lifetime, i) => ({ ...lifetime, offset: offsets[i] })),
    };
  }

  /** An in-place output takes over the storage of the input that dies at its node. */
  private shareStorage(
    region: Region | undefined,
    bytesOf: (value: Value) => number,
  ): { storageOf(value: Value): Value; endOf(value: Value): number } {
    const storage = new Map<Value, Value>();
    const ends = new Map<Value, number>();
    const storageOf = (value: Value): Value => storage.get(value) ?? value;
    const endOf = (value: Value): number => ends.get(value) ?? (this.lives.get(value)?.to as number);
    this.steps.forEach(({ node, outputs }, step) => {
      if (node.op.inPlace === undefined || outputs.length !== 1 || this.regionOf[step] !== region) return;
      const input = node.inputs[node.op.inPlace];
      const [output] = outputs;
      if (this.localTo.get(input) !== region || this.localTo.get(output) !== region) return;
      if (input.role !== 'intermediate' || this.pinned.has(input) || bytesOf(input) !== bytesOf(output)) return;
      const root = storageOf(input);
      if (endOf(root) !== step || this.lives.get(input)?.to !== step) return;
      if (node.inputs.filter((other) => storageOf(other) === root).length > 1) return;
      storage.set(output, root);
      ends.set(root, this.lives.get(output)?.to as number);
    });
    return { storageOf, endOf };
  }
}
