import { describe, expect, it } from 'vitest';
import type { PictureFacts } from '../../core/dataset/facts.ts';
import type { Finding } from '../../core/dataset/findings.ts';
import type { Examination } from '../../core/workbench/doctor.ts';
import { doctorPage } from './page.ts';
import { shownFiles } from './shown.ts';

const hostile = `"><img src=x onerror=alert(1)>\u202e'`;

const factOf = (origin: string): PictureFacts => ({
  origin,
  label: 0,
  part: 'train',
  width: 32,
  height: 20,
  channels: 3,
  bytes: 100,
  pixelHash: '0',
  thumbnail: new Uint8Array(0),
  mean: [0, 0, 0],
  deviation: 0,
});

function examined(findings: readonly Finding[], classNames = ['cat', 'dog']): Examination {
  const facts = [...new Set(findings.flatMap(({ files }) => files))].map(factOf);
  return {
    data: 'photos',
    name: 'photos',
    classNames,
    pictures: facts.length,
    unreadable: 0,
    parts: { train: facts.length },
    findings,
    survey: { name: 'photos', classNames, facts, skipped: [] },
  };
}

const leak = (i: number, files = [`a/${i}.png`, `b/${i}.png`]): Finding => ({
  kind: 'split-leak',
  severity: 'error',
  files,
  evidence: 'They look the same.',
  mends: [{ fixes: [{ fix: 'exclude', file: files[0] }] }],
  advice: 'Keep one.',
});

const picture = 'data:image/webp;base64,AAAA';
const pageOf = (found: Examination): string =>
  doctorPage(found, new Map(shownFiles(found).map((file) => [file, picture])), '2026-11-22');

describe('page of the doctor', () => {
  it('lets no name act and asks for nothing', () => {
    const page = pageOf(examined([leak(0, [hostile, 'b.png'])], [hostile, 'dog']));
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('\u202e');
    expect(page).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;\\u202e&#39;');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#)|<script|https?:|url\(/);
  });

  it('opens however much was found, and says what it left out', () => {
    const many = Array.from({ length: 5000 }, (_, i) => leak(i));
    const page = pageOf(examined(many));
    expect(page.length).toBeLessThan(200_000);
    expect(page.match(/<article/g)).toHaveLength(50);
    expect(page).toContain('The first 50 of 5,000 are shown');
    expect(page).toContain('<span class="count">5,000 pictures</span>');
  });

  it('shows two pictures of every finding before many of one, 1,200 in all', () => {
    const files = Array.from({ length: 100 }, (_, i) => `${i}.png`);
    const kinds = ['label-conflict', 'split-leak', 'duplicate', 'blank', 'turned'] as const;
    const many = kinds.flatMap((kind) => Array.from({ length: 50 }, () => ({ ...leak(0, files), kind })));
    const page = pageOf(examined(many));
    expect(page.match(/<figure>/g)).toHaveLength(1200);
    expect(page).toContain('24 of 100 files are shown.');
    expect(page).toContain('2 of 100 files are shown.');
    // Spread over the whole, not the first that come.
    expect(page).toContain('>95.png<');
  });

  it('tells sizes in words to those who listen', () => {
    const page = pageOf(examined([leak(0)]));
    expect(page).toContain('<span class="heard">32 by 20 pixels</span>');
    expect(page).toContain('alt="Picture labelled cat"');
    expect(page).toContain('<html lang="en">');
  });

  it('names files without a picture in a list, and offers no command that cannot be pasted', () => {
    const unreadable: Finding = { ...leak(0, ['new\nline.png']), kind: 'unreadable', severity: 'warning' };
    const page = doctorPage(examined([unreadable]), new Map(), '2026-11-22');
    expect(page).toContain('<li>new\u23celine.png</li>');
    expect(page).not.toContain('--exclude');
    expect(page).toContain('--mend</span> unreadable');
  });

  it('counts classes in a table, and says where it ends', () => {
    const names = Array.from({ length: 150 }, (_, i) => `class ${i}`);
    const page = pageOf(examined([leak(0)], names));
    expect(page.match(/<th scope="row">/g)).toHaveLength(100);
    expect(page).toContain('100 of 150 classes are shown.');
  });

  it('says so where nothing was found', () => {
    expect(pageOf(examined([]))).toContain('Nothing conspicuous was found.');
  });
});
