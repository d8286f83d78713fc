import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writeBars, writePhotos } from './fovea.ts';

// Each test starts the command several times.
vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
const photos = join(folder, 'photos');
const fixesFile = join(folder, 'photos.fixes.jsonl');
let classes: string[] = [];

/** A name that would act in a page, and one that would in a shell. */
const nasty = `<img src=x onerror=alert(1)> $(x) 'y'.png`;

beforeAll(async () => {
  await writePhotos(photos);
  classes = readdirSync(join(photos, 'train')).sort();
  const [a, b] = classes;
  copyFileSync(join(photos, 'train', a, '0.png'), join(photos, 'train', b, nasty));
  copyFileSync(join(photos, 'train', a, '1.png'), join(photos, 'test', a, 'again.png'));
  writeFileSync(join(photos, 'train', b, 'cut.png'), readFileSync(join(photos, 'train', b, '2.png')).subarray(0, 60));
});

interface Found {
  readonly kind: string;
  readonly files: string[];
  readonly mend: string;
}

const ofKind = (findings: Found[], kind: string): Found[] => findings.filter((finding) => finding.kind === kind);

describe('fovea data doctor', () => {
  it('finds what is wrong, with files and a command that mends it', async () => {
    const { code, json } = await fovea(folder, ['data', 'doctor', 'photos', '--json']);
    expect(code).toBe(0);
    const [a, b] = classes;
    const [conflict] = ofKind(json.findings, 'label-conflict');
    expect([...conflict.files].sort()).toEqual([`train/${a}/0.png`, `train/${b}/${nasty}`].sort());
    expect(conflict).toMatchObject({ severity: 'error' });
    const [leak] = ofKind(json.findings, 'split-leak');
    expect([...leak.files].sort()).toEqual([`test/${a}/again.png`, `train/${a}/1.png`].sort());
    expect(leak.mend).toBe(`npx fovea data fix photos --exclude train/${a}/1.png`);
    expect(ofKind(json.findings, 'unreadable').flatMap(({ files }) => files)).toEqual([`train/${b}/cut.png`]);
    expect(json.unreadable).toBe(1);
  });

  it('tells the same to a person', async () => {
    const { code, stdout } = await fovea(folder, ['data', 'doctor', 'photos']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/error {2}label-conflict\n/);
    expect(stdout).toContain(`if it shows ${classes[0]}: npx fovea data fix photos --exclude `);
  });

  it('writes one page that holds its pictures and in which no name acts', async () => {
    const { code } = await fovea(folder, ['data', 'doctor', 'photos', '--html', 'doctor.html']);
    expect(code).toBe(0);
    const page = readFileSync(join(folder, 'doctor.html'), 'utf8');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toContain('<img src=x');
    expect(page.match(/<img src="data:image\/webp;base64,/g)!.length).toBeGreaterThanOrEqual(4);
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/);
    expect(page).not.toMatch(/<script|https?:/);
  });

  it('says where it cannot write', async () => {
    const { code, stderr } = await fovea(folder, ['data', 'doctor', 'photos', '--html', 'nowhere/doctor.html']);
    expect(code).toBe(1);
    expect(stderr).toContain("can be written for 'nowhere/doctor.html' but received a path that is not there");
  });
});

describe('fovea data fix', () => {
  const counts = async (): Promise<Record<string, number[]>> => {
    const { json } = await fovea(folder, ['data', 'show', 'photos', '--json']);
    return { train: json.parts.train.classCounts, test: json.parts.test.classCounts };
  };

  it('keeps decisions beside the data, applies them on reading, and takes them back', async () => {
    const [a, b] = classes;
    const before = await counts();
    const files = readdirSync(photos, { recursive: true }).sort();
    const leak = await fovea(folder, ['data', 'fix', 'photos', '--mend', 'split-leak', '--json']);
    expect(leak.json.added).toEqual([{ fix: 'exclude', file: `train/${a}/1.png` }]);
    const label = await fovea(folder, ['data', 'fix', 'photos', '--relabel', `train/${b}/${nasty}=${a}`, '--json']);
    expect(label.code).toBe(0);
    const after = await counts();
    expect(after.train).toEqual([before.train[0] - 1 + 1, before.train[1] - 1, before.train[2]]);
    const { json } = await fovea(folder, ['data', 'doctor', 'photos', '--json']);
    expect(ofKind(json.findings, 'split-leak')).toEqual([]);
    expect(ofKind(json.findings, 'label-conflict')).toEqual([]);
    expect(ofKind(json.findings, 'duplicate')).toHaveLength(1);

    const { json: shown } = await fovea(folder, ['data', 'show', 'photos', '--json']);
    expect(shown.notes).toContain('Fixes applied: 1 picture excluded, 1 picture relabelled.');
    expect(await fovea(folder, ['data', 'fix', 'photos', '--undo'])).toMatchObject({ code: 0 });
    const back = await fovea(folder, ['data', 'fix', 'photos', '--undo', '--json']);
    expect(back.json.undone).toMatchObject({ fix: 'exclude' });
    expect(await counts()).toEqual(before);
    // Every line stays, and nothing of the person's own has changed.
    expect(readFileSync(fixesFile, 'utf8').trimEnd().split('\n')).toHaveLength(5);
    expect(readdirSync(photos, { recursive: true }).sort()).toEqual(files);
    expect((await fovea(folder, ['data', 'fix', 'photos', '--undo'])).code).toBe(1);
  });

  it('takes over the fixes of a file, each once', async () => {
    const [a] = classes;
    const mailed = join(folder, 'mailed.jsonl');
    const head = JSON.stringify({ format: 'fovea-fixes', version: 1 });
    const fix = (file: string): string => JSON.stringify({ fix: 'exclude', file: `train/${a}/${file}`, at: '2026' });
    writeFileSync(mailed, [head, fix('3.png'), fix('4.png'), '{"fix":"undo","at":"2026"}', fix('5.png')].join('\n'));
    expect((await fovea(folder, ['data', 'fix', 'photos', '--exclude', `train/${a}/5.png`])).code).toBe(0);
    const before = await counts();
    const taken = await fovea(folder, ['data', 'fix', 'photos', '--fixes', 'mailed.jsonl', '--json']);
    expect(taken.json.added).toEqual([{ fix: 'exclude', file: `train/${a}/3.png` }]);
    expect((await counts()).train[0]).toBe(before.train[0] - 1);
    const again = await fovea(folder, ['data', 'fix', 'photos', '--fixes', 'mailed.jsonl']);
    expect(again.stdout).toContain('Every fix of the file stands already.');
    writeFileSync(mailed, [head, fix('not-here.png')].join('\n'));
    const other = await fovea(folder, ['data', 'fix', 'photos', '--fixes', 'mailed.jsonl']);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('not-here.png')]);
    writeFileSync(mailed, 'no fixes');
    const none = await fovea(folder, ['data', 'fix', 'photos', '--fixes', 'mailed.jsonl']);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("line 1 of 'mailed.jsonl'")]);
    rmSync(fixesFile);
  });

  it('merges and renames classes, of arrays too, and trains on what they make', async () => {
    writeBars(join(folder, 'bars'));
    const fixed = await fovea(folder, ['data', 'fix', 'bars', '--merge', '1=0', '--rename', '0=straight', '--json']);
    expect(fixed.code).toBe(0);
    const { json } = await fovea(folder, ['data', 'show', 'bars', '--json']);
    expect(json.classNames).toEqual(['straight', '2']);
    expect(json.parts.train.classCounts).toEqual([100, 50]);
    const trained = await fovea(folder, ['train', 'bars', '--model', 'linear', '--epochs', '1', '--json']);
    expect(trained.code).toBe(0);
    const tested = await fovea(folder, ['test', trained.json.run, '--json']);
    expect(tested.json.classes.map((one: { class: string }) => one.class)).toEqual(['straight', '2']);
  });

  it.each([
    [['--exclude', 'train/none.png'], 1, /but received 'train\/none\.png'/],
    [['--relabel', 'a=b', '--undo'], 2, /several of them/],
    [['--relabel', 'noclass'], 2, /Expected FILE=CLASS for --relabel but received 'noclass'/],
    [[], 2, /--undo or --list/],
    [['--merge', 'x=y'], 1, /Expected one of the classes/],
  ])('refuses %j', async (words, exit, message) => {
    mkdirSync(folder, { recursive: true });
    const { code, stderr } = await fovea(folder, ['data', 'fix', 'photos', ...words]);
    expect(stderr).toMatch(message);
    expect(code).toBe(exit);
  });

  it('names the line of a file of fixes that it cannot read', async () => {
    const [a] = classes;
    expect((await fovea(folder, ['data', 'fix', 'photos', '--exclude', `train/${a}/1.png`])).code).toBe(0);
    const whole = readFileSync(fixesFile, 'utf8');
    writeFileSync(fixesFile, `${whole}{"fix":"explode"}\n`);
    const { code, stderr } = await fovea(folder, ['data', 'show', 'photos']);
    writeFileSync(fixesFile, whole);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Expected one of exclude, .* for 'fix' in line 3 of .*photos\.fixes\.jsonl/);
  });
});
