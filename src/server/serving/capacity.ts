/** How much may be in the house at a time. */
export interface CapacityLimits {
  /** Pictures that are accepted and not answered yet. */
  readonly pictures: number;
  /** Bytes of request bodies that are accepted and not answered yet. */
  readonly bytes: number;
}

/** A place that a request holds until it is answered. */
export interface Place {
  /** Takes room for as many pictures as the request turns out to hold; false where there is none. */
  grow(pictures: number): boolean;
  release(): void;
}

/** Counts what is accepted, so that more is refused at once instead of filling the memory. */
export interface Capacity {
  /** Pictures that hold a place. */
  readonly taken: number;
  /** A place for a request with one picture and a body of so many bytes; undefined where there is none. */
  enter(bytes: number): Place | undefined;
  /** Seconds after which it is worth to ask again, at the speed of late: a whole number of at least 1. */
  retryAfter(): number;
}

/** Answers by which the speed is judged. */
const remembered = 64;

/** @param clock milliseconds from any origin. */
export function createCapacity(limits: CapacityLimits, clock: () => number): Capacity {
  let taken = 0;
  let bytesTaken = 0;
  /** When the latest pictures were answered. */
  let answers: number[] = [];
  return {
    get taken() {
      return taken;
    },
    enter(bytes) {
      if (taken >= limits.pictures || (bytesTaken > 0 && bytesTaken + bytes > limits.bytes)) return undefined;
      let held = 1;
      let released = false;
      taken += 1;
      bytesTaken += bytes;
      return {
        grow(pictures) {
          const more = Math.max(0, pictures - held);
          // A request alone in the house is never too large for it: its own limits are checked elsewhere.
          if (taken > held && taken + more > limits.pictures) return false;
          taken += more;
          held += more;
          return true;
        },
        release() {
          if (released) return;
          released = true;
          taken -= held;
          bytesTaken -= bytes;
          const now = clock();
          for (let i = 0; i < held; i++) answers.push(now);
          if (answers.length > remembered) answers = answers.slice(-remembered);
        },
      };
    },
    retryAfter() {
      const span = (clock() - (answers[0] ?? 0)) / 1000;
      if (answers.length < 2 || !(span > 0)) return 1;
      return Math.min(60, Math.max(1, Math.ceil((taken * span) / answers.length)));
    },
  };
}
