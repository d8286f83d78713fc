import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { fovea } from '../cli/fovea.ts';
import { type StudioPage, settled } from './studio-page.ts';

/** What the story is played with. */
export interface Journey {
  /** A folder with a folder of pictures a class, or an archive of such. */
  readonly data: string;
  readonly images: number;
  /** Pictures that lie in two classes, as the doctor must find: pairs. */
  readonly conflicts: number;
  readonly model: string;
  readonly batch: number;
  /** A photo that is in no data, lossless, so that every decoder reads the same. */
  readonly photo: string;
  /** Where the model file is put. */
  readonly folder: string;
  /** For the longest step, milliseconds. */
  readonly patience: number;
}

/**
 * The whole story as a person plays it, on whatever host: import, doctor, split, an edited model, two epochs with a halt
 * and a reload, a test, an error followed to its heatmap, a new label, another training, both compared, a new photo
 * classified, the model file taken, which the command line reads with the same result.
 *
 * @returns the names of both runs, and of the data in addresses.
 */
export async function playJourney(
  { page, go, hostedInPage }: StudioPage,
  journey: Journey,
): Promise<{ readonly first: string; readonly second: string; readonly data: string }> {
  const { patience: timeout } = journey;
  const at = (part: string): string | undefined => new RegExp(`#/${part}/([^/?]+)`).exec(page.url())?.[1];
  const arrive = async (part: string): Promise<string> => {
    // Pictures may still be read, before there is a run.
    await page.waitForFunction((place) => window.location.hash.match(`^#/${place}/(?!job)[^/?]+`) !== null, part, {
      timeout,
    });
    return decodeURIComponent(at(part) as string);
  };

  // Import, and what the doctor says.
  await go('#/data/digits', '.gallery');
  const isArchive = /\.(tar|zip)$/.test(journey.data);
  await page.setInputFiles(isArchive ? 'input[type=file][multiple]' : 'input[webkitdirectory]', journey.data);
  await page.waitForFunction(() => window.location.hash.startsWith('#/data/data%3A'), null, { timeout });
  const data = decodeURIComponent(at('data') as string);
  const place = `#/data/${encodeURIComponent(data)}`;
  await page.waitForSelector(`.status:has-text("${journey.images.toLocaleString('en')} pictures")`, { timeout });
  await go(`${place}?as=findings`, 'text=Examine all pictures');
  await page.click('text=Examine all pictures');
  const conflict = page.locator('.finding', { hasText: 'One picture, two classes' });
  await conflict.first().waitFor({ timeout });
  expect(await conflict.count()).toBe(journey.conflicts);
  await conflict.first().locator('button.button:not(.plain) >> nth=0').click();
  await page.waitForSelector('text=Take back 1 decision');

  // Split, and a model that is edited.
  await go(`${place}?as=split`, 'button:has-text("Deal out and write down")');
  await page.click('button:has-text("Deal out and write down")');
  await page.waitForSelector('text=Written down: every run has the same parts', { timeout });
  await go('#/model', '.source select');
  await page.selectOption('.source select >> nth=0', journey.model);
  await go('#/model/conv1', 'aside .field');
  const option = (name: string) =>
    page
      .locator('.field', { has: page.locator('code', { hasText: new RegExp(`^${name}$`) }) })
      .locator('input')
      .first();
  await option('channels').fill('12');
  await page.waitForSelector('text=You changed it.');

  // Two epochs, halted, found again after a reload, gone on with.
  await go('#/train/new', '.form select');
  await option('epochs').fill('2');
  await option('batch').fill(String(journey.batch));
  await page.click('button:has-text("Train 2 epochs")');
  const steps = async (): Promise<string | undefined> => /Step [\d,]+ of/.exec(await page.innerText('.bar-line'))?.[0];
  await page.click('button:text-is("Pause")', { timeout });
  await page.waitForSelector('text=Do one step', { timeout });
  const first = await arrive('train');
  const paused = await settled(steps);
  await page.click('text=Do one step');
  await expect.poll(steps, { timeout }).not.toBe(paused);
  const halted = await settled(steps);
  await page.reload();
  // A server kept it halted; a page that is loaded again is another one, which offers to go on from what was saved.
  const goOn = page.locator('.head .button', { hasText: hostedInPage ? 'Go on training' : 'Resume' });
  await goOn.waitFor({ timeout });
  if (!hostedInPage) await expect.poll(steps, { timeout }).toBe(halted);
  await goOn.click();
  const done = '.head .button:text-is("Test it")';
  await page.waitForSelector(done, { timeout });
  expect(await page.innerText('.head .status')).toMatch(/^finished · epoch 2 of 2/i);

  // The test, and from an error to what the network saw.
  await page.click(done);
  await page.click('text=Test on the test pictures');
  await page.waitForSelector('.confusion', { timeout });
  await page.waitForSelector('.looks .figure:text-is("1")');
  await page.click('.centre section:first-child .thumbnails button >> nth=0');
  await page.waitForSelector('.opened .bars');
  const mistake = page.url();
  await page.click('.opened >> text=Look inside the network');
  await page.waitForSelector('.heatmaps canvas', { timeout });

  // Its label is another one from now on.
  await page.goto(mistake);
  const label = page.locator('.opened select');
  await label.waitFor();
  const before = await label.inputValue();
  const other = await label.evaluate(
    (select: HTMLSelectElement) => [...select.options].find(({ value }) => value !== select.value)?.value ?? '',
  );
  await label.selectOption(other);
  await page.waitForSelector('.opened >> text=Take back the last of 2 decisions');
  await page.waitForFunction(
    (name) => document.querySelector<HTMLSelectElement>('.opened select')?.value === name,
    other,
  );
  expect(other).not.toBe(before);

  // Trained again with it, and both laid beside each other.
  await go('#/train/new', '.form select');
  await page.click('button:has-text("Train 2 epochs")');
  await page.waitForSelector(done, { timeout });
  const second = await arrive('train');
  expect(second).not.toBe(first);
  await page.click(done);
  await page.click('text=Look at more in the test');
  await page.selectOption('.left details select >> nth=0', first);
  await page.click('text=Test on the test pictures');
  await page.waitForSelector('text=Compared on the same pictures', { timeout });
  await go(`#/runs/${second}?with=${first},${second}`, '.overlay .uplot');
  await page.waitForSelector('.overlay figcaption:text-matches("^Best of these: ")', { timeout });

  // The run as a file, its pictures in it, and that file as a run.
  const zipped = page.waitForEvent('download', { timeout });
  await page.click('text=With its pictures');
  await page.click('text=Take the run away');
  const packed = join(journey.folder, `${second}.zip`);
  await writeFile(packed, await readFile(await (await zipped).path()));
  await page.setInputFiles('input[aria-label="Bring a run"]', packed);
  await page.waitForFunction((name) => window.location.hash.startsWith(`#/runs/${name}`), `${second}-2`, { timeout });
  await page.waitForSelector(`h2:has-text("${second}-2")`, { timeout });
  await page.waitForSelector('[role=status]:has-text("Its pictures were here already")', { timeout });

  // A new photo, and the model file with which the command line says the same of it.
  await go(`#/classify/${second}?by=file`, '.file-place');
  await page.setInputFiles('.file-place input', journey.photo);
  await page.waitForSelector('.answer .figure', { timeout });
  const said = await page.innerText('.answer .figure');
  const sure = await page.locator('.answer .bars tbody tr').first().innerText();
  const download = page.waitForEvent('download');
  await page.click('text=Take the model file');
  const taken = await download;
  expect(taken.suggestedFilename()).toBe(`${second}.safetensors`);
  const file = join(journey.folder, taken.suggestedFilename());
  await writeFile(file, await readFile(await taken.path()));
  const { code, json } = await fovea(journey.folder, ['classify', file, journey.photo, '--json']);
  expect(code).toBe(0);
  const [line] = json.pictures ?? [json];
  expect(basename(line.file ?? journey.photo)).toBe(basename(journey.photo));
  expect(line.top[0].class).toBe(said);
  expect(sure).toContain(`${(100 * line.top[0].probability).toFixed(1)}`);
  return { first, second, data };
}
