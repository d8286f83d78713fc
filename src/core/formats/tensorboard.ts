import { PbfWriter } from 'pbf';
import { crc32c } from './crc32c.ts';

/** One moment of some measured numbers. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** 0, 1, 2, …: the horizontal axis. */
  readonly step: number;
  /** Numbers by tag; kept as float32. */
  readonly values: Readonly<Record<string, number>>;
}

/**
 * A TensorBoard event file of scalars: TFRecords that each hold an `Event` (tensorflow/core/util/event.proto), the first
 * with the file's version, the others with a `Summary` of simple values.
 */
export function writeEventFile(events: readonly ScalarEvent[]): Uint8Array {
  const first = record((pbf) => {
    pbf.writeTag(1, 1);
    pbf.writeDouble(events[0]?.wallTime ?? 0);
    pbf.writeTag(3, 2);
    pbf.writeString('brain.Event:2');
  });
  const records = [first, ...events.map((event) => record((pbf) => writeScalars(pbf, event)))];
  const whole = new Uint8Array(records.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of records) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

/** `Event`: wall_time 1, step 2, summary 5 of values (1), each with tag 1 and simple_value 2. */
function writeScalars(pbf: PbfWriter, { wallTime, step, values }: ScalarEvent): void {
  pbf.writeTag(1, 1);
  pbf.writeDouble(wallTime);
  pbf.writeTag(2, 0);
  pbf.writeVarint(step);
  pbf.writeMessage(
    5,
    (entries: readonly (readonly [string, number])[], summary) => {
      for (const entry of entries) {
        summary.writeMessage(
          1,
          ([tag, value]: readonly [string, number], one) => {
            one.writeTag(1, 2);
            one.writeString(tag);
            one.writeTag(2, 5);
            one.writeFloat(value);
          },
          entry,
        );
      }
    },
    Object.entries(values),
  );
}

/** A TFRecord: length (64 bits), its masked CRC-32C, the bytes, their masked CRC-32C; all little endian. */
function record(fill: (pbf: PbfWriter) => void): Uint8Array {
  const pbf = new PbfWriter();
  fill(pbf);
  const data = pbf.finish();
  const whole = new Uint8Array(16 + data.length);
  const view = new DataView(whole.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, masked(whole.subarray(0, 8)), true);
  whole.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return whole;
}

/** A CRC over data that hold CRCs is weak, so TFRecords turn it by 15 bits and add a constant. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
