/** Bytes of a piece: a multiple of 3, and few enough for one call of a function. */
const piece = 3 * 8192;

/** Bytes as base64 (RFC 4648, section 4), in pieces to be joined. */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + piece))));
  }
  return pieces.join('');
}

/** @throws Error for what is no base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  // In pieces, so that a large model never stands in memory as a string of bytes besides.
  const step = (piece / 3) * 4;
  for (let at = 0, to = 0; at < text.length; at += step) {
    const binary = atob(text.slice(at, at + step));
    for (let i = 0; i < binary.length; i++) bytes[to++] = binary.charCodeAt(i);
  }
  return bytes;
}
