import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { type ScalarEvent, writeEventFile } from './tensorboard.ts';

/** A reader of its own, from the format's description: TFRecord framing, then protobuf's wire format by hand. */
interface Read {
  wallTime?: number;
  step?: number;
  version?: string;
  values: Record<string, number>;
}

/** CRC-32C bit by bit, without a table. */
function slowCrc(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1));
  }
  return ~crc >>> 0;
}
const unmask = (crc: number): number => {
  const turned = (crc - 0xa282ead8) >>> 0;
  return ((turned >>> 17) | (turned << 15)) >>> 0;
};

function readEvents(file: Uint8Array): Read[] {
  const view = new DataView(file.buffer, file.byteOffset);
  const events: Read[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(unmask(view.getUint32(at + 8, true))).toBe(slowCrc(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(unmask(view.getUint32(at + 12 + length, true))).toBe(slowCrc(data));
    events.push(readEvent(data));
    at += 16 + length;
    expect(at).toBeLessThanOrEqual(file.length);
  }
  return events;
}

/** Fields of a message: number, and the bytes or the number as they stand. */
function* fields(data: Uint8Array): Generator<[number, Uint8Array | bigint]> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = data[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < data.length) {
    const key = Number(varint());
    const take = (n: number): Uint8Array => data.subarray(at, (at += n));
    if ((key & 7) === 0) yield [key >> 3, varint()];
    else if ((key & 7) === 1) yield [key >> 3, take(8)];
    else if ((key & 7) === 5) yield [key >> 3, take(4)];
    else if ((key & 7) === 2) yield [key >> 3, take(Number(varint()))];
    else throw new Error(`wire type ${key & 7}`);
  }
}

function readEvent(data: Uint8Array): Read {
  const event: Read = { values: {} };
  const numbers = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset);
  for (const [field, value] of fields(data)) {
    if (field === 1) event.wallTime = numbers(value as Uint8Array).getFloat64(0, true);
    else if (field === 2) event.step = Number(value);
    else if (field === 3) event.version = new TextDecoder().decode(value as Uint8Array);
    else if (field === 5) {
      for (const [, one] of fields(value as Uint8Array)) {
        const parts = new Map(fields(one as Uint8Array));
        const tag = new TextDecoder().decode(parts.get(1) as Uint8Array);
        event.values[tag] = numbers(parts.get(2) as Uint8Array).getFloat32(0, true);
      }
    }
  }
  return event;
}

describe('TensorBoard event files', () => {
  it('are read back by a reader of their format', () => {
    const events: ScalarEvent[] = [
      { wallTime: 1_700_000_000.25, step: 1, values: { loss: 2.5, accuracy: 0.1 } },
      { wallTime: 1_700_000_060.5, step: 300, values: { 'lr/ä': 1e-9, loss: Number.NaN } },
    ];
    const [head, ...read] = readEvents(writeEventFile(events));
    expect(head).toMatchObject({ version: 'brain.Event:2', wallTime: 1_700_000_000.25 });
    expect(read).toEqual(
      events.map(({ wallTime, step, values }) => ({
        wallTime,
        step,
        values: Object.fromEntries(Object.entries(values).map(([tag, value]) => [tag, Math.fround(value)])),
      })),
    );
    expect(readEvents(writeEventFile([]))).toHaveLength(1);
  });

  it('notice a byte that changed', () => {
    const file = writeEventFile([{ wallTime: 1, step: 1, values: { loss: 1 } }]);
    file[file.length - 6] ^= 1;
    expect(() => readEvents(file)).toThrow();
  });
});

it("crc32c gives RFC 3720's values", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});
