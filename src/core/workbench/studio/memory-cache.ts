/** Values that are kept while there is room: those that were used least recently go first. */
export interface MemoryCache<Value> {
  get(key: string): Value | undefined;
  /** A value larger than all the room is not kept. */
  set(key: string, value: Value, bytes: number): void;
  delete(key: string): void;
  clear(): void;
  /** Bytes of what is kept. */
  readonly bytes: number;
}

/** @param limit bytes in all. @param onDrop called for what goes. */
export function createMemoryCache<Value>(limit: number, onDrop?: (value: Value) => void): MemoryCache<Value> {
  // A Map keeps the order in which keys were set: the first is the one that was used longest ago.
  const kept = new Map<string, { readonly value: Value; readonly bytes: number }>();
  let bytes = 0;
  const drop = (key: string): void => {
    const one = kept.get(key);
    if (!one) return;
    kept.delete(key);
    bytes -= one.bytes;
    onDrop?.(one.value);
  };
  return {
    get bytes() {
      return bytes;
    },
    get(key) {
      const one = kept.get(key);
      if (!one) return undefined;
      kept.delete(key);
      kept.set(key, one);
      return one.value;
    },
    set(key, value, size) {
      drop(key);
      if (size > limit) return onDrop?.(value);
      kept.set(key, { value, bytes: size });
      bytes += size;
      for (const [oldest] of kept) {
        if (bytes <= limit) break;
        drop(oldest);
      }
    },
    delete: drop,
    clear() {
      for (const key of [...kept.keys()]) drop(key);
    },
  };
}
