/** Servers on this machine, for tests that fetch: they stop after each test. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Bytes that repeat nowhere, so that a piece in the wrong place changes the checksum. */
export function madeUp(length: number, seed = 1): Uint8Array {
  const content = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    content[i] = state >>> 24;
  }
  return content;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback; `asked` tells the requests. */
export async function serve(answer: Answer): Promise<{ base: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A well-behaved file: ranges, If-Range, a strong ETag. @param cutAt the first answer breaks off there. */
export function file(content: Uint8Array, { cutAt, etag = '"one"' }: { cutAt?: number; etag?: string } = {}): Answer {
  let cut = cutAt;
  return ({ headers }, response) => {
    const range = headers['if-range'] === undefined || headers['if-range'] === etag ? headers.range : undefined;
    const from = range === undefined ? 0 : Number(/^bytes=(\d+)-$/.exec(range)![1]);
    if (from >= content.length) return void response.writeHead(416).end();
    response.writeHead(range === undefined ? 200 : 206, {
      etag,
      'content-length': content.length - from,
      ...(range === undefined ? {} : { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    if (cut === undefined) return void response.end(content.subarray(from));
    const end = cut;
    cut = undefined;
    response.write(content.subarray(from, end), () => setTimeout(() => response.destroy(), 50));
  };
}

export const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end('no');
