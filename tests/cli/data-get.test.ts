import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { catalogue, parseSetName, readHubListing } from '../../src/core/dataset/catalogue.ts';
import { parquetGolden } from '../hostile/fixtures.ts';
import { describeWithData, temporaryFolder } from '../test-data.ts';
import { fovea } from './fovea.ts';
import { type Answer, file, serve, status } from './loopback.ts';

// Some tests start a server and the command. Everything stays on this machine.
vi.setConfig({ testTimeout: 60_000 });

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
