import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, testData, unpack } from '../test-data.ts';
import { type Found, launchChromium } from './chromium.ts';
import { openInNode, openInPage, type StudioPage } from './studio-page.ts';
import { type Journey, playJourney } from './studio-steps.ts';

const archive = process.env.FOVEA_NO_BROWSER === '1' ? undefined : testData('photos/trashnet150.tar');
const fakeCamera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
/** Among them two pictures that lie in two classes. */
const chosen = { glass: [100, 120], metal: [80, 100], plastic: [140, 160] } as const;

const openings = { 'behind a server': openInNode, 'in the page itself': openInPage } as const;

/**
 * The whole story on these hosts: from pictures of one's own to a model file that the command line reads.
 * @param extent 'part': 60 pictures of three classes in a folder; 'all': all of TrashNet, as the archive that it is.
 */
export function describeJourney(hosts: readonly (keyof typeof openings)[], extent: 'part' | 'all' = 'part'): void {
  describe.skipIf(!archive)(`the story on ${extent} of TrashNet`, () => {
    const folder = temporaryFolder();
    const data = extent === 'all' ? (archive as string) : join(folder, 'trash');
    const photo = join(folder, 'photo.png');
    let chromium: Found;
    beforeAll(async () => {
      const all = join(unpack(archive as string, folder), 'trashnet150');
      for (const [name, [from, to]] of extent === 'all' ? [] : Object.entries(chosen)) {
        mkdirSync(join(data, name), { recursive: true });
        for (let i = from; i < to; i++)
          copyFileSync(join(all, name, `${name}${i}.jpg`), join(data, name, `${name}${i}.jpg`));
      }
      await sharp(join(all, 'glass', 'glass7.jpg'))
        .png()
        .toFile(photo);
      chromium = await launchChromium(fakeCamera);
    });
    afterAll(() => chromium?.close());

    const journey: Journey = {
      data,
      ...(extent === 'all' ? { images: 2527, conflicts: 3, batch: 32 } : { images: 60, conflicts: 1, batch: 4 }),
      model: 'tiny-vgg',
      photo,
      folder,
      patience: extent === 'all' ? 600_000 : 60_000,
    };

    describe.each(hosts)('%s', (host) => {
      let studio: StudioPage;
      beforeAll(async () => {
        studio = await openings[host](chromium.browser);
      });
      afterAll(() => studio?.close());

      it(
        'goes from pictures to a model that the command line reads',
        async () => {
          await playJourney(studio, journey);
        },
        3 * journey.patience,
      );

      // The rest is the same whatever was imported.
      it.skipIf(extent === 'all')('makes data of what the webcam sees, class by class', async () => {
        const { page } = studio;
        await studio.go('#/data', 'text=Use the webcam');
        await page.click('text=Use the webcam');
        await page.click('text=Start the webcam');
        for (const at of [0, 1]) {
          const hold = page.locator('.burst .card button:has-text("Hold to take pictures")').nth(at);
          await page.waitForFunction(
            (i) =>
              !document.querySelectorAll<HTMLButtonElement>('.burst .card .row:last-child button:first-child')[i]
                ?.disabled,
            at,
          );
          await hold.focus();
          await page.keyboard.down('Space');
          await page.waitForFunction(
            (i) => document.querySelectorAll('.burst .card')[i].querySelectorAll('img').length >= 4,
            at,
          );
          await page.keyboard.up('Space');
        }
        await page.fill('.burst input[placeholder="Name of the data"]', 'hands');
        await page.click('text=/Make data of these \\d+ pictures/');
        await page.waitForFunction(() => window.location.hash.startsWith('#/data/data%3Ahands'));
        await page.waitForSelector('.status:has-text("2 classes")');
      });

      it('complained of nothing, and asked nobody else', () => {
        expect(studio.complaints).toEqual([]);
        expect(studio.elsewhere).toEqual([]);
      });
    });
  });
}
