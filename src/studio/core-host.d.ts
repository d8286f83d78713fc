/**
 * Core sees the host by `core/host.d.ts`, which says a little less than the browser's types do. Where both are in one
 * program, these overloads let core compile as it is.
 */
interface ReadableStream<R> {
  pipeThrough<U>(transform: { readable: ReadableStream<U>; writable: unknown }): ReadableStream<U>;
}
interface SubtleCrypto {
  digest(algorithm: 'SHA-256', data: ArrayBufferView | ArrayBuffer): Promise<ArrayBuffer>;
}
