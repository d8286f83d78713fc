import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Classifier } from '../../src/core/classifier/classifier.ts';
import { writeClassifier } from '../../src/core/classifier/file.ts';
import { classifyFiles } from '../../src/core/workbench/classify.ts';
import { exportModel } from '../../src/core/workbench/export.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { parseTable } from './parse-table.ts';

/** A classifier's file and the page that was exported of it. */
export async function writePage(
  classifier: Classifier,
  name = 'model',
): Promise<{ readonly model: string; readonly html: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-page-'));
  const model = join(folder, `${name}.safetensors`);
  const html = join(folder, 'page.html');
  writeFileSync(model, writeClassifier(classifier));
  await exportModel(nodeAdapters, { run: model, to: 'page', out: html });
  return { model, html };
}

/** Opens an exported page from disk. `faults`: what it said or did that it must not: errors, forbidden things, requests. */
export async function openPage(browser: Browser, html: string): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ acceptDownloads: true });
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  const own = pathToFileURL(html).href;
  page.on('request', (request) => {
    if (request.url() !== own && !/^(blob|data):/.test(request.url())) faults.push(`asked for ${request.url()}`);
  });
  await page.goto(own);
  await page.waitForSelector('#main:not([hidden])');
  return { page, faults };
}

/** Classifies files in the page as a person does, and saves the answers. @returns rows by the columns' names. */
export async function askPage(page: Page, files: readonly string[]): Promise<Record<string, string>[]> {
  await page.setInputFiles('#file', [...files]);
  await page.waitForSelector(`#results-title:text-is("${files.length} pictures")`, { timeout: 300_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  const [head, ...rows] = parseTable(readFileSync(await download.path(), 'utf8'));
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [head[i], value])));
}

/** How far a page's answers lie from those of `fovea classify`. */
export async function compareWithCommand(
  page: Page,
  model: string,
  files: readonly string[],
): Promise<{ mismatches: number; largest: number; unknown: number }> {
  const rows = await askPage(page, files);
  const expected = await classifyFiles(nodeAdapters, { run: model, paths: files, top: Number.MAX_SAFE_INTEGER });
  let [mismatches, largest, unknown] = [0, 0, 0];
  expected.forEach((one, i) => {
    if ('error' in one) throw new Error(one.error);
    const row = rows[i];
    if (row.file !== basename(one.file)) throw new Error(`row ${i} is of ${row.file}, not ${one.file}`);
    if (row.class !== one.top[0].class || (row.unknown === 'true') !== (one.unknown === true)) mismatches++;
    if (one.unknown) unknown++;
    for (const { class: name, probability } of one.top)
      largest = Math.max(largest, Math.abs(Number(row[`p(${name})`]) - probability));
  });
  return { mismatches, largest, unknown };
}
