import { connect } from 'node:net';
import type { RandomStream } from '../../src/core/random.ts';
import { mutate } from '../hostile/mutate.ts';

/** A request as it goes over the wire, and what came back: a status, or 'closed' where the server hung up. */
export type Answered = number | 'closed' | 'silent';

/** Whole requests of every kind that a server takes, to be damaged. */
export function sampleRequests(path: string, png: Uint8Array): Buffer[] {
  const request = (method: string, at: string, headers: readonly string[], body: Uint8Array | string = ''): Buffer => {
    const bytes = Buffer.from(body as string);
    const length = bytes.length > 0 ? [`content-length: ${bytes.length}`] : [];
    const head = [`${method} ${at} HTTP/1.1`, 'host: 127.0.0.1', 'connection: close', ...headers, ...length];
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
  };
  const part = (name: string, type: string, content: Uint8Array): Buffer =>
    Buffer.concat([
      Buffer.from(
        `--x\r\ncontent-disposition: form-data; name="a"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`,
      ),
      content,
      Buffer.from('\r\n'),
    ]);
  const form = Buffer.concat([part('a.png', 'image/png', png), part('b', 'text/plain', png), Buffer.from('--x--\r\n')]);
  const json = JSON.stringify({ images: [{ name: 'a', data: Buffer.from(png).toString('base64') }] });
  const tensor = JSON.stringify({
    inputs: [{ name: 'image', datatype: 'UINT8', shape: [1, 2, 2, 1], data: [0, 1, 2, 3] }],
  });
  const chunked = Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: image/png\r\ntransfer-encoding: chunked\r\n\r\n${png.length.toString(16)}\r\n`,
    ),
    png,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  return [
    request('POST', `${path}?top=2`, ['content-type: image/png'], png),
    request('POST', path, ['content-type: multipart/form-data; boundary=x'], form),
    request('POST', path, ['content-type: application/json'], json),
    request(
      'POST',
      path.replace('/v1', '/v2').replace(':classify', '/infer'),
      ['content-type: application/json'],
      tensor,
    ),
    request('GET', '/v1/models/..%2f..%2fetc%2fpasswd', ['x-api-key: a']),
    request('GET', '/openapi.json', ['accept: */*', 'sec-fetch-site: same-origin']),
    request('GET', '/metrics', ['authorization: Bearer x']),
    chunked,
  ];
}

/** One of them with one to four changes: now in its head, now anywhere. */
export function damage(requests: readonly Buffer[], random: RandomStream): Buffer {
  const whole = requests[random.below(requests.length)];
  if (random.below(2) === 0) return Buffer.from(mutate(Uint8Array.from(whole), random));
  const end = whole.indexOf('\r\n\r\n');
  return Buffer.concat([mutate(Uint8Array.from(whole.subarray(0, end)), random), whole.subarray(end)]);
}

/** Sends bytes and waits for the first line of an answer. @param patience milliseconds. */
export function send(port: number, bytes: Buffer, patience = 5000): Promise<Answered> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    // Damaged ones promise more than comes; then the client says that nothing does.
    const ended = setTimeout(() => socket.end(), 300);
    let text = '';
    const timer = setTimeout(() => {
      resolve('silent');
      socket.destroy();
    }, patience);
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      clearTimeout(ended);
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve(status ? Number(status) : 'closed');
    });
  });
}

/** What a damaged request may be told; 200 where the damage did not matter. */
export const rightStatuses: readonly Answered[] = [
  200,
  400,
  403,
  404,
  405,
  408,
  413,
  414,
  415,
  417,
  429,
  431,
  505,
  'closed',
];
