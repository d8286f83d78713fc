import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { download } from '../../src/node/download.ts';
import { httpGet } from '../../src/node/http-get.ts';
import { temporaryFolder } from '../test-data.ts';
import { file, madeUp, serve, sha256, status } from './loopback.ts';

// Each test starts a server. Everything stays on this machine.
vi.setConfig({ testTimeout: 60_000 });

describe('one file', () => {
  const content = madeUp(300_000);
  const facts = { size: content.length, sha256: sha256(content), limit: 1e9, patience: 2 };
  const folder = temporaryFolder();
  let made = 0;
  const path = (): string => join(folder, `${made++}.bin`);

  it('comes whole, verified, and leaves nothing beside it', async () => {
    const { base } = await serve(file(content));
    const to = path();
    const seen: number[] = [];
    const done = await download({ ...facts, addresses: [base], path: to, onProgress: (n) => seen.push(n) });
    expect(done).toMatchObject({ size: content.length, verified: true, resumedAt: 0, address: base });
    expect(sha256(readFileSync(to))).toBe(facts.sha256);
    expect([existsSync(`${to}.part`), existsSync(`${to}.part.json`)]).toEqual([false, false]);
    expect(seen.at(-1)).toBe(content.length);
  });

  it('goes on after a cut, with If-Range', async () => {
    const { base, asked } = await serve(file(content, { cutAt: 100_000 }));
    const to = path();
    const done = await download({ ...facts, addresses: [base], path: to });
    expect(done.resumedAt).toBe(100_000);
    expect(asked.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([
      [undefined, undefined],
      ['bytes=100000-', '"one"'],
    ]);
    expect(sha256(readFileSync(to))).toBe(facts.sha256);
  });

  it('goes on from what an earlier command left, at another address too', async () => {
    const { base } = await serve(file(content));
    const to = path();
    writeFileSync(`${to}.part`, content.subarray(0, 1234));
    writeFileSync(`${to}.part.json`, JSON.stringify({ address: 'https://elsewhere.invalid/', etag: '"other"' }));
    expect((await download({ ...facts, addresses: [base], path: to })).resumedAt).toBe(1234);
  });

  it('starts anew where the server ignores ranges', async () => {
    const { base, asked } = await serve((_, response) => void response.end(content));
    const to = path();
    writeFileSync(`${to}.part`, content.subarray(0, 1234));
    const done = await download({ ...facts, addresses: [base], path: to });
    expect([done.resumedAt, asked.length, asked[0].headers.range]).toEqual([0, 1, 'bytes=1234-']);
    expect(sha256(readFileSync(to))).toBe(facts.sha256);
  });

  it('starts anew where the server sends another piece than was asked for', async () => {
    const { base } = await serve(({ headers }, response) => {
      if (headers.range === undefined) return void response.end(content);
      response.writeHead(206, { 'content-range': `bytes 0-${content.length - 1}/${content.length}` }).end(content);
    });
    const to = path();
    writeFileSync(`${to}.part`, content.subarray(0, 1234));
    expect((await download({ ...facts, addresses: [base], path: to })).resumedAt).toBe(0);
    expect(sha256(readFileSync(to))).toBe(facts.sha256);
  });

  it('starts anew where the part is of another file', async () => {
    const { base, asked } = await serve(file(content));
    const to = path();
    writeFileSync(`${to}.part`, madeUp(5000, 9));
    const done = await download({ ...facts, addresses: [base], path: to });
    expect([done.resumedAt, asked.length]).toEqual([0, 2]);
    expect(sha256(readFileSync(to))).toBe(facts.sha256);
  });

  it('continues a file of unknown checksum only if it is the same behind the same address', async () => {
    const { base, asked } = await serve(file(content, { etag: '"two"' }));
    const unknown = { limit: 1e9, addresses: [base] };
    const to = path();
    writeFileSync(`${to}.part`, madeUp(5000, 9));
    writeFileSync(`${to}.part.json`, JSON.stringify({ address: base, etag: '"one"' }));
    expect(await download({ ...unknown, path: to })).toMatchObject({ resumedAt: 0, verified: false });
    expect(asked[0].headers['if-range']).toBe('"one"');
    expect(sha256(readFileSync(to))).toBe(facts.sha256);
    const other = path();
    writeFileSync(`${other}.part`, madeUp(5000, 9));
    writeFileSync(`${other}.part.json`, JSON.stringify({ address: `${base}/x`, etag: '"two"' }));
    await download({ ...unknown, path: other });
    expect(asked[1].headers.range).toBeUndefined();
  });

  it('takes the next address after 404, after a wrong checksum and after silence', async () => {
    const missing = await serve(status(404));
    const wrong = await serve(file(madeUp(content.length, 2)));
    const silent = await serve(() => undefined);
    const right = await serve(file(content));
    const failures: string[] = [];
    const to = path();
    const done = await download({
      ...facts,
      patience: 0.2,
      addresses: [missing.base, wrong.base, silent.base, right.base],
      path: to,
      onFailure: (_, reason) => failures.push(reason),
    });
    expect(done.address).toBe(right.base);
    expect(failures[0]).toBe('answer 404 (not there)');
    expect(failures[1]).toMatch(/^its SHA-256 is [0-9a-f]{64} instead of/);
    expect(failures[2]).toBe('no answer within 0.2 s');
  });

  it('keeps no file whose checksum is wrong', async () => {
    const { base } = await serve(file(madeUp(content.length, 2)));
    const to = path();
    await expect(download({ ...facts, addresses: [base], path: to })).rejects.toThrow(/SHA-256/);
    expect([existsSync(to), existsSync(`${to}.part`)]).toEqual([false, false]);
  });

  it('believes no wrong size, said or sent', async () => {
    const said = await serve((_, response) => void response.writeHead(200, { 'content-length': 1e15 }).write('x'));
    const sent = await serve((_, response) => void response.write(madeUp(content.length + 70_000)));
    const to = path();
    const asked = download({ ...facts, addresses: [said.base, sent.base], path: to });
    await expect(asked).rejects.toThrow(
      /says 1000000000000000 bytes where 300000 are right.*sends more than the 300000/,
    );
    const endless = await serve((_, response) => void response.write(madeUp(9000)));
    await expect(download({ addresses: [endless.base], path: to, limit: 5000 })).rejects.toThrow(/limit of 5000/);
    expect([existsSync(to), existsSync(`${to}.part`)]).toEqual([false, false]);
  });

  it('verifies what lies there already, and touches nothing that is another file', async () => {
    const to = path();
    writeFileSync(to, content);
    expect(await download({ ...facts, addresses: [], path: to })).toMatchObject({ verified: true, resumedAt: 0 });
    writeFileSync(to, 'mine');
    await expect(download({ ...facts, addresses: [], path: to })).rejects.toThrow(/move it away/);
    expect(readFileSync(to, 'utf8')).toBe('mine');
  });

  it('keeps the part when it is stopped', async () => {
    const { base } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 50_000));
    });
    const to = path();
    const controller = new AbortController();
    const asked = download({
      ...facts,
      addresses: [base],
      path: to,
      signal: controller.signal,
      onProgress: (done) => done >= 50_000 && controller.abort(),
    });
    await expect(asked).rejects.toThrow(/abort/i);
    expect(readFileSync(`${to}.part`).length).toBe(50_000);
    expect(existsSync(to)).toBe(false);
  });

  it('checks the SHA-256 that a hub tells on a redirect', async () => {
    const { base } = await serve((request, response) => {
      if (request.url === '/file') return file(content)(request, response);
      const linked = request.url === '/right' ? facts.sha256 : sha256(madeUp(9));
      response.writeHead(302, { location: '/file', 'x-linked-etag': `"${linked}"` }).end();
    });
    const to = path();
    await expect(download({ limit: 1e9, addresses: [`${base}/wrong`], path: to })).rejects.toThrow(/SHA-256/);
    expect(await download({ limit: 1e9, addresses: [`${base}/right`], path: to })).toMatchObject({ verified: true });
  });
});

describe('addresses', () => {
  it('are https, or of this machine', async () => {
    for (const [address, reason] of [
      ['http://mirror.invalid/x', /plain http/],
      ['http://127.0.0.1.mirror.invalid/x', /plain http/],
      ['file:///etc/hostname', /neither https nor http/],
      ['https://name:word@mirror.invalid/x', /password/],
      ['no address', /no valid address/],
    ] as const)
      await expect(httpGet(address)).rejects.toThrow(reason);
  });

  it('are left by few redirects, and not to plain http elsewhere', async () => {
    const { base, asked } = await serve((_, response) => void response.writeHead(302, { location: '/again' }).end());
    await expect(httpGet(base)).rejects.toThrow('more than 5 redirects');
    expect(asked).toHaveLength(6);
    const away = await serve((_, response) => void response.writeHead(302, { location: 'http://a.invalid/' }).end());
    await expect(httpGet(away.base)).rejects.toThrow(/plain http/);
  });
});
