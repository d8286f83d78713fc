/**
 * What Node and browsers share and core may use without asking where it runs. Nothing else of the host compiles in
 * core: files, threads, clocks and decoders are passed in by `node/` or `browser/`.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: ArrayBufferView | ArrayBuffer): string;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare class ReadableStream<T = unknown> {
  constructor(source: {
    start?(controller: { enqueue(chunk: T): void; close(): void }): void;
    pull?(controller: { enqueue(chunk: T): void; close(): void }): void | Promise<void>;
  });
  pipeThrough<U>(transform: { readable: ReadableStream<U>; writable: unknown }): ReadableStream<U>;
  getReader(): { read(): Promise<{ done: boolean; value?: T }>; cancel(reason?: unknown): Promise<void> };
}
declare class DecompressionStream {
  constructor(format: 'gzip' | 'deflate' | 'deflate-raw');
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: unknown;
}
declare const crypto: {
  subtle: { digest(algorithm: 'SHA-256', data: ArrayBufferView | ArrayBuffer): Promise<ArrayBuffer> };
};
declare const performance: { now(): number };
declare function queueMicrotask(callback: () => void): void;
declare function setTimeout(callback: () => void, milliseconds?: number): unknown;

/** Base64 to a string of bytes. */
declare function atob(data: string): string;
/** And back. */
declare function btoa(data: string): string;
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
