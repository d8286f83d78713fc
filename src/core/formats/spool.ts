import { type ByteSource, bytesSource } from './byte-source.ts';

/** Where bytes go that come in one after the other and are read in any order afterwards: memory, or a file that the host gives. */
export interface Spool {
  /** Keeps `piece`: the caller must not write into it again. */
  write(piece: Uint8Array): Promise<void>;
  /** What was written, as a source. */
  finish(): Promise<ByteSource>;
  /** Gives it up. */
  discard(): Promise<void>;
}

export type CreateSpool = () => Spool;

/** A spool in memory. */
export function memorySpool(): Spool {
  let pieces: Uint8Array[] = [];
  let size = 0;
  return {
    async write(piece) {
      pieces.push(piece);
      size += piece.length;
    },
    async finish() {
      const whole = new Uint8Array(size);
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      pieces = [];
      return bytesSource(whole);
    },
    async discard() {
      pieces = [];
    },
  };
}
