import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { encodeFrame } from '../../src/core/workbench/studio/frame.ts';
import { studioVerbs } from '../../src/core/workbench/studio/index.ts';
import { type NodeHost, openNodeHost } from './node-host.ts';

/** A request as a stranger may send it, and the statuses that are right for it. */
interface Hostile {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly right: readonly number[];
}

const count = 500;
const escapes = [
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e/%2e%2e/etc/passwd',
  '....//etc/passwd',
  '/etc/passwd',
  '..\\..\\windows\\win.ini',
  'C:/windows/win.ini',
  '%00',
  'assets/../../package.json',
  '.git/config',
  '~root',
];
const odd = [
  '\u0000',
  '\u202e',
  '💥'.repeat(50),
  'a'.repeat(3000),
  '__proto__',
  'constructor',
  '<script>alert(1)</script>',
  '$(reboot)',
  "'; drop table runs; --",
  '{"$":"array"}',
];

describe('a server among strangers', () => {
  let host: NodeHost;
  beforeAll(async () => {
    host = await openNodeHost();
  });
  afterAll(() => host?.close());

  /** Sends exactly these bytes of a path: `fetch` would tidy it up first. */
  const send = ({ method, path, headers, body }: Hostile): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const asked = httpRequest(
        { host: '127.0.0.1', port: host.server.port, method, path, headers, agent: false },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }),
          );
          response.on('error', reject);
        },
      );
      asked.on('error', (error: NodeJS.ErrnoException) => {
        // The server may end a connection before it has read all of what is far too long.
        if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve({ status: 413, text: '' });
        else reject(error);
      });
      asked.end(body);
    });

  it(`answers ${count} hostile requests rightly and stays up`, async () => {
    const random = new RandomStream(20261127, 'sample');
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)];
    const whole = (below: number): number => Math.floor(random.uniform() * below);
    const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => whole(256));
    const { port, token } = host.server;
    const own = `127.0.0.1:${port}`;
    const good = { host: own, authorization: `Bearer ${token}` };
    const json = { 'content-type': 'application/json' };
    const verbs = Object.keys(studioVerbs);
    const makers: (() => Omit<Hostile, 'name'>)[] = [
      // Path escapes, as a page's file and as anything of the interface.
      () => ({
        method: 'GET',
        path: `/${pick(['', 'assets/', './'])}${pick(escapes)}`,
        headers: { host: own },
        right: [400, 404],
      }),
      () => ({
        method: 'POST',
        path: `/api/ask/${pick(escapes)}`,
        headers: { ...good, ...json },
        body: '{}',
        right: [400, 404],
      }),
      () => ({
        method: 'POST',
        path: '/api/ask/data.open',
        headers: { ...good, ...json },
        body: JSON.stringify({ data: pick([...escapes, ...odd]) }),
        right: [422],
      }),
      () => ({
        method: 'POST',
        path: `/api/ask/${pick(['run.show', 'model.take', 'run.delete', 'test.show'])}`,
        headers: { ...good, ...json },
        body: JSON.stringify({ run: pick([...escapes, ...odd]) }),
        right: [422],
      }),
      () => ({
        method: 'POST',
        path: '/api/ask/model.show',
        headers: { ...good, ...json },
        body: JSON.stringify({ model: pick([...escapes, ...odd]) }),
        right: [200, 422],
      }),
      () => ({
        method: 'GET',
        path: `/api/jobs/${encodeURIComponent(pick([...escapes, ...odd]))}?from=${pick(['-1', 'NaN', '1e99', odd[0], ''])}`.replaceAll(
          '\u0000',
          '%00',
        ),
        headers: good,
        right: [400, 404, 414],
      }),
      // Another site's page, or a name that was made to lead here.
      () => ({
        method: 'POST',
        path: `/api/ask/${pick(verbs)}`,
        headers: {
          ...good,
          ...json,
          origin: pick([
            'https://evil.example',
            'null',
            `http://evil.example:${port}`,
            `http://localhost.evil.example:${port}`,
            'file://',
          ]),
        },
        body: '{}',
        right: [403],
      }),
      () => ({
        method: pick(['GET', 'POST']),
        path: pick(['/', '/api/jobs', '/api/ask/run.list']),
        headers: {
          ...good,
          ...json,
          host: pick([
            'evil.example',
            `evil.example:${port}`,
            '127.0.0.1',
            `127.0.0.1:${port + 1}`,
            `localhost.evil.example:${port}`,
            `[::2]:${port}`,
          ]),
        },
        right: [421],
      }),
      () => ({
        method: 'GET',
        path: '/api/jobs',
        headers: { ...good, 'sec-fetch-site': pick(['cross-site', 'same-site']) },
        right: [403],
      }),
      // Without the token, or with a wrong one.
      () => ({
        method: 'POST',
        path: `/api/ask/${pick(verbs)}`,
        headers: {
          host: own,
          ...json,
          ...pick([
            {},
            { authorization: 'Bearer ' },
            { authorization: `Bearer ${token.slice(1)}` },
            { authorization: `Basic ${token}` },
            { cookie: `fovea_studio_${port}=x` },
            { cookie: `fovea_studio_${port + 1}=${token}` },
          ]),
        },
        body: '{}',
        right: [401],
      }),
      () => ({
        method: 'GET',
        path: `/?token=${pick([...odd.slice(3), 'x'].map(encodeURIComponent))}`,
        headers: { host: own },
        right: [401],
      }),
      // What is no JSON, no frame, or of a type that nobody takes.
      () => ({
        method: 'POST',
        path: `/api/ask/${pick(verbs)}`,
        headers: { ...good, ...json },
        body: pick(['{', '[1,2', '{"a":', 'nul', '"\\ud800', '{"__proto__":{"x":1}}', '\u0000', '']),
        right: [400, 422],
      }),
      () => ({
        method: 'POST',
        path: '/api/ask/data.open',
        headers: { ...good, ...json },
        body: '['.repeat(100_000),
        right: [400, 422],
      }),
      () => ({
        method: 'POST',
        path: '/api/ask/upload.add',
        headers: { ...good, 'content-type': 'application/x-fovea-frame' },
        body: noise(whole(400)),
        right: [400, 422],
      }),
      () => {
        const frame = encodeFrame({ upload: 'x', pieces: [{ path: pick(escapes), bytes: noise(64) }] });
        frame[whole(frame.length)] ^= 1 << whole(8);
        return {
          method: 'POST',
          path: '/api/ask/upload.add',
          headers: { ...good, 'content-type': 'application/x-fovea-frame' },
          body: frame,
          right: [400, 422],
        };
      },
      () => ({
        method: 'POST',
        path: '/api/ask/upload.add',
        headers: { ...good, 'content-type': `multipart/form-data; boundary=${pick(['', 'x', 'a'.repeat(200)])}` },
        body: pick(['--x\r\nContent-Disposition: form-data; name="f"; filename="../../x"\r\n\r\n', '--', noise(300)]),
        right: [415],
      }),
      () => ({
        method: 'POST',
        path: '/api/ask/data.open',
        headers: { ...good, 'content-type': pick(['text/plain', 'application/xml', 'x', 'multipart/mixed']) },
        body: '{"data":"digits"}',
        right: [415],
      }),
      // Wrong fields, wrong kinds, far too much.
      () => ({
        method: 'POST',
        path: '/api/ask/data.thumbnails',
        headers: { ...good, ...json },
        body: JSON.stringify(
          pick([
            { data: 'digits', ids: [-1] },
            { data: 'digits', ids: [1e12] },
            { data: 'digits', ids: 'x' },
            { data: 'digits', ids: [1], side: 1e9 },
            { data: 'digits', ids: Array(501).fill(0) },
          ]),
        ),
        right: [200, 422],
      }),
      () => ({
        method: 'POST',
        path: '/api/ask/train.start',
        headers: { ...good, ...json },
        body: JSON.stringify(
          pick([
            { data: 'nothing' },
            { data: 'digits', epochs: -1 },
            { data: 'digits', model: '/etc/passwd' },
            { data: 'digits', model: { layers: 'x' } },
            { data: 'digits', weights: { run: '../x' } },
          ]),
        ),
        right: [422],
      }),
      () => ({
        method: 'POST',
        path: '/api/ask/run.note',
        headers: { ...good, ...json, 'content-length': String(2 ** 31) },
        body: '{}',
        right: [400, 413],
      }),
      () => ({
        method: 'GET',
        path: '/',
        headers: { host: own, 'x-long': 'a'.repeat(20_000 + whole(40_000)) },
        right: [431],
      }),
      () => ({
        method: pick(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'HEAD']),
        path: pick(['/api/ask/run.list', '/api/jobs', '/']),
        headers: good,
        right: [400, 404, 405],
      }),
    ];
    const wrong: string[] = [];
    for (let i = 0; i < count; i++) {
      const number = i % makers.length;
      const hostile: Hostile = { name: `request ${i} of kind ${number}`, ...makers[number]() };
      const { status, text } = await send(hostile);
      const where = `${hostile.name}: ${hostile.method} ${hostile.path.slice(0, 120)} ${JSON.stringify(hostile.headers).slice(0, 200)} ${String(hostile.body).slice(0, 100)}`;
      if (!hostile.right.includes(status)) wrong.push(`${status} for ${where}: ${text.slice(0, 200)}`);
      if (/root:|\[fonts\]|node_modules|at .*\.ts:/.test(text))
        wrong.push(`too much is told for ${where}: ${text.slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
    expect(host.faults).toEqual([]);
    expect((await host.client.ask('job.list', {})).jobs).toEqual([]);
    expect(await host.client.ask('data.open', { data: 'digits' })).toMatchObject({ images: 7000 });
  }, 60_000);

  it('bears what is no HTTP at all', async () => {
    for (const bytes of [
      '\u0000\u0001\u0002',
      'GET',
      'GET / HTTP/9.9\r\n\r\n',
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      'x'.repeat(100_000),
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(host.server.port, '127.0.0.1', () => socket.end(bytes));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
      });
    }
    expect((await host.client.ask('studio.about', {})).place).toBe('node');
  });

  it('sends every answer with the headers that keep a page to itself', async () => {
    const base = `http://127.0.0.1:${host.server.port}`;
    for (const path of ['/', '/nothing', '/api/jobs', '/api/ask/x']) {
      const { headers } = await fetch(base + path);
      expect(headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe-inline');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('takes the token from the address into a cookie that no script reads', async () => {
    const { port, token } = host.server;
    const base = `http://127.0.0.1:${port}`;
    const first = await fetch(`${base}/?token=${token}`, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const cookie = first.headers.get('set-cookie') as string;
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    const asked = await fetch(`${base}/api/ask/job.list`, {
      method: 'POST',
      headers: { cookie: cookie.split(';')[0], 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await asked.json()).toEqual({ jobs: [] });
  });
});
