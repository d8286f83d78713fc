import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { catalogue, parseSetName, readHubListing } from '../../src/core/dataset/catalogue.ts';
import { download } from '../../src/node/download.ts';
import { httpGet } from '../../src/node/http-get.ts';
import { parquetGolden } from '../hostile/fixtures.ts';
import { describeWithData, temporaryFolder } from '../test-data.ts';
import { fovea } from './fovea.ts';

// Each test starts a server, some the command. Everything stays on this machine.
vi.setConfig({ testTimeout: 60_000 });

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Bytes that repeat nowhere, so that a piece in the wrong place changes the checksum. */
function madeUp(length: number, seed = 1): Uint8Array {
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

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback; `asked` tells the requests. */
async function serve(answer: Answer): Promise<{ base: string; asked: IncomingMessage[] }> {
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
function file(content: Uint8Array, { cutAt, etag = '"one"' }: { cutAt?: number; etag?: string } = {}): Answer {
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

const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end('no');

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

describe('the catalogue', () => {
  it('has https addresses, checksums, plain names and distinct sets', () => {
    for (const { bases, files, entry } of catalogue) {
      for (const base of bases) expect(base).toMatch(/^https:\/\/.*\/$/);
      for (const one of files) {
        expect(one.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(one.name).toMatch(/^[\w-][\w.-]*$/);
      }
      expect(entry === undefined || files.some(({ name }) => name === entry)).toBe(true);
    }
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  });

  it('knows the names of Hugging Face, and no path in them', () => {
    expect(parseSetName('hf:ylecun/mnist')).toEqual({ kind: 'hub', owner: 'ylecun', name: 'mnist' });
    for (const name of ['hf:mnist', 'hf:../x', 'hf:a/..', 'hf:a/b/c', 'hf:a/b\\c', 'hf:/etc', 'hf:a/con', 'hf:a/'])
      expect(() => parseSetName(name), name).toThrow('Expected hf:OWNER/NAME');
  });
});

describe("a hub's list of files", () => {
  const set = { owner: 'a', name: 'b' };

  it('gives each file its address and place, whatever addresses it holds', () => {
    const listing = {
      default: { train: ['https://elsewhere.invalid/x', 'file:///etc/passwd'], test: ['y'], extra: ['z'] },
    };
    const { files, leftOut } = readHubListing(listing, set);
    expect(files).toEqual([
      { path: 'train/0000.parquet', address: 'api/datasets/a/b/parquet/default/train/0.parquet' },
      { path: 'train/0001.parquet', address: 'api/datasets/a/b/parquet/default/train/1.parquet' },
      { path: 'test/0000.parquet', address: 'api/datasets/a/b/parquet/default/test/0.parquet' },
    ]);
    expect(leftOut).toEqual(['extra']);
  });

  it('may hold no name that leads out of the folder', () => {
    for (const split of [
      '../../train',
      '..',
      '/train',
      'train/../..',
      'c:\\train',
      '',
      '.ssh',
      'train\n',
      'nul',
      'train.',
    ])
      expect(() => readHubListing({ default: { [split]: ['x'] } }, set), split).toThrow(/plain name/);
    // A subset is part of an address only; it cannot become another one.
    const { files } = readHubListing({ '../../x?y#z': { train: ['x'] } }, set);
    expect(files[0]).toEqual({
      path: 'train/0000.parquet',
      address: 'api/datasets/a/b/parquet/..%2F..%2Fx%3Fy%23z/train/0.parquet',
    });
  });

  it('of another shape is refused in words', () => {
    for (const listing of [null, [], 'x', {}, { default: [] }, { default: {} }, { default: { train: 'x' } }])
      expect(() => readHubListing(listing, set)).toThrow(/^Expected/);
    expect(() => readHubListing({ one: {}, two: {} }, set)).toThrow(/one of the subsets one, two .*--subset/);
  });
});

describe('fovea data get hf:', () => {
  it('fetches the Parquet files, which then train and test by name', async () => {
    const cwd = temporaryFolder();
    const content = parquetGolden('snappy');
    const { base, asked } = await serve((request, response) => {
      if (request.url === '/api/datasets/some/birds/parquet')
        return void response.end(JSON.stringify({ default: { train: ['x'], test: ['x'] } }));
      if (/^\/api\/datasets\/some\/birds\/parquet\/default\/(train|test)\/0\.parquet$/.test(request.url!))
        return void response.writeHead(302, { location: '/store' }).end();
      return file(content)(request, response);
    });
    const { code, json, stderr } = await fovea(cwd, ['data', 'get', 'hf:some/birds', '--mirror', base, '--json']);
    expect(code, stderr).toBe(0);
    expect(json.data).toBe('hf:some/birds');
    expect(json.files.map(({ path }: { path: string }) => path)).toEqual(['train/0000.parquet', 'test/0000.parquet']);
    expect(asked.length).toBe(5);
    const shown = await fovea(cwd, ['data', 'show', 'hf:some/birds', '--json']);
    expect(shown.json).toMatchObject({ kind: 'parquet', parts: { train: { count: 8 }, test: { count: 8 } } });
  });

  it('says in words that a set is not there', async () => {
    const { base } = await serve(status(404));
    const { code, json } = await fovea(temporaryFolder(), ['data', 'get', 'hf:a/b', '--mirror', base, '--json']);
    expect(code).toBe(1);
    expect(json.error.message).toMatch(/list of files of hf:a\/b: .*404 \(not there\)\. Check the name/);
  });
});

describe('fovea data get', () => {
  it('lists the sets', async () => {
    const { json, code } = await fovea(temporaryFolder(), ['data', 'get', '--list', '--json']);
    expect(code).toBe(0);
    expect(json.sets.map(({ name }: { name: string }) => name)).toEqual(catalogue.map(({ name }) => name));
  });

  it('needs a name that it knows', async () => {
    const cwd = temporaryFolder();
    expect((await fovea(cwd, ['data', 'get'])).code).toBe(2);
    const { code, stderr } = await fovea(cwd, ['data', 'get', 'mnits']);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean 'mnist'?");
  });

  it('names the command for a set that is not there, and the way out offline', async () => {
    const cwd = temporaryFolder();
    const trained = await fovea(cwd, ['train', 'mnist']);
    expect(trained.code).toBe(1);
    expect(trained.stderr).toContain('npx fovea data get mnist');
    // Port 9 of this machine refuses, as no connection does.
    const { code, stderr } = await fovea(cwd, ['data', 'get', 'mnist', '--mirror', 'http://127.0.0.1:9']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot fetch '.*train-images-idx3-ubyte\.gz': .*refuses the connection/);
    expect(stderr).toContain('put train-images-idx3-ubyte.gz (9912422 bytes)');
    expect(stderr).not.toMatch(/\n\s+at |bug in Fovea/);
  });
});

describeWithData('mnist/train-images-idx3-ubyte.gz', 'fovea data get mnist', (path) => {
  const origin = join(path, '..');
  const content = (url: string): Uint8Array | undefined => {
    const name = /^\/mnist\/([\w.-]+)$/.exec(url)?.[1];
    return name !== undefined && existsSync(join(origin, name)) ? readFileSync(join(origin, name)) : undefined;
  };
  const mirror: Answer = (request, response) => {
    const found = content(request.url!);
    if (found) file(found)(request, response);
    else response.writeHead(404).end();
  };

  it('takes the second mirror where the first has nothing; then the name works', async () => {
    const cwd = temporaryFolder();
    const [empty, full] = [await serve(status(404)), await serve(mirror)];
    const got = await fovea(cwd, ['data', 'get', 'mnist', '--mirror', `${empty.base},${full.base}`, '--json']);
    expect(got.code, got.stderr).toBe(0);
    expect(got.json).toMatchObject({ name: 'mnist', data: 'mnist' });
    expect(got.json.files).toHaveLength(4);
    for (const one of got.json.files) expect(one).toMatchObject({ verified: true, resumedAt: 0 });
    expect(got.stderr).toContain('404 (not there)');
    expect(readFileSync(join(cwd, 'data', 'mnist', 'train-images-idx3-ubyte.gz')).equals(readFileSync(path))).toBe(
      true,
    );
    expect(JSON.parse(readFileSync(join(cwd, 'data', 'mnist', 'source.json'), 'utf8')).name).toBe('mnist');
    const { json } = await fovea(cwd, ['data', 'show', 'mnist', '--json']);
    expect(json).toMatchObject({ name: 'mnist', parts: { train: { count: 60000 }, test: { count: 10000 } } });
    expect(json.skipped).toEqual([]);
    // What is there is verified and not asked for again.
    const asked = full.asked.length;
    const again = await fovea(cwd, ['data', 'get', 'mnist', '--mirror', full.base, '--json']);
    expect([again.code, full.asked.length]).toEqual([0, asked]);
    // A folder of that name in the current folder is what the person means.
    mkdirSync(join(cwd, 'mnist'));
    expect((await fovea(cwd, ['data', 'show', 'mnist'])).code).toBe(1);
  });

  it('Ctrl-C keeps the part, says how to go on, and the same command goes on', async () => {
    const cwd = temporaryFolder();
    let slow = true;
    const { base, asked } = await serve((request, response) => {
      const found = content(request.url!);
      if (!slow || !found) return mirror(request, response);
      response.writeHead(200, { etag: '"one"', 'content-length': found.length });
      response.write(found.subarray(0, 4_000_000));
    });
    const line = ['data', 'get', 'mnist', '--mirror', base, '--out', 'digits'];
    const part = join(cwd, 'digits', 'train-images-idx3-ubyte.gz.part');
    let sent = false;
    const waiting = fovea(cwd, line, (text, kill) => {
      if (sent || !text.includes('Licence')) return;
      sent = true;
      const look = setInterval(() => {
        if (!existsSync(part) || readFileSync(part).length < 4_000_000) return;
        clearInterval(look);
        kill('SIGINT');
      }, 50);
    });
    const stopped = await waiting;
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(
      /4\.0 MB of it are kept\. Go on with: npx fovea data get mnist --mirror .* --out digits/,
    );
    expect(readFileSync(part).length).toBe(4_000_000);
    slow = false;
    asked.length = 0;
    const done = await fovea(cwd, [...line, '--json']);
    expect(done.code, done.stderr).toBe(0);
    expect(done.json.files[0]).toMatchObject({ resumedAt: 4_000_000, verified: true });
    expect(asked[0].headers.range).toBe('bytes=4000000-');
    expect(done.json.data).toBe('digits');
    expect(readFileSync(join(cwd, 'digits', 'train-images-idx3-ubyte.gz')).equals(readFileSync(path))).toBe(true);
  });
});
