import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClassifier } from '../../src/core/classifier/file.ts';
import { completeOptions } from '../../src/core/layers/options.ts';
import { learned } from '../../src/core/workbench/course/lessons/convolution/experiments.ts';
import { finish, type StudioClient, StudioError } from '../../src/core/workbench/studio/client.ts';
import type { LoggedEvent } from '../../src/core/workbench/studio/job-log.ts';
import type { JobSummary } from '../../src/core/workbench/studio/jobs.ts';
import { encodePng } from '../../src/node/encode.ts';
import { createEngine } from '../../src/node/engine.ts';
import { bringFile, takeFile } from './moved-run.ts';

/** A host of the studio, fresh. */
export interface OpenedHost {
  readonly client: StudioClient;
  readonly place: 'node' | 'page';
  close(): Promise<void>;
}

/** Files of pictures in two classes, which differ by their colour; each one is another. */
export async function twoColours(
  each: number,
  ending: 'png' | 'jpeg' = 'png',
): Promise<{ path: string; bytes: Uint8Array }[]> {
  const files: { path: string; bytes: Uint8Array }[] = [];
  for (const [label, name] of ['red', 'blue'].entries()) {
    for (let i = 0; i < each; i++) {
      const data = new Uint8Array(24 * 24 * 3);
      for (let p = 0; p < 24 * 24; p++) {
        data[3 * p + 2 * label] = 150 + ((p * (i + 3)) % 100);
        data[3 * p + 1] = (p * 7 * (i + 1) + i * 31) % 60;
      }
      const png = await encodePng({ width: 24, height: 24, channels: 3, data });
      const bytes = ending === 'png' ? png : await sharp(png).jpeg({ quality: 90 }).toBuffer();
      files.push({ path: `colours/${name}/${name}-${i}.${ending}`, bytes });
    }
  }
  return files;
}

/** Weights that the pinned training ends with, on whatever host: filled by the first suite that runs it. */
const hashes = new Map<string, string>();

/** What every host of the studio must do. */
export function studioContract(name: string, open: () => Promise<OpenedHost>): void {
  describe(name, () => {
    let host: OpenedHost;
    let client: StudioClient;
    beforeAll(async () => {
      host = await open();
      client = host.client;
    }, 60_000);
    afterAll(() => host?.close());

    const refusal = async (asked: Promise<unknown>): Promise<StudioError> => {
      const error = await asked.then(
        () => undefined,
        (problem) => problem,
      );
      expect(error).toBeInstanceOf(StudioError);
      return error as StudioError;
    };

    it('tells where it runs', async () => {
      const about = await client.ask('studio.about', {});
      expect(about).toMatchObject({ place: host.place, version: '0.1.0' });
      expect(about.threads).toBeGreaterThan(0);
    });

    it('refuses what it does not know, with words', async () => {
      const unknown = await refusal(client.ask('data.opne' as 'data.open', { data: 'digits' }));
      expect(`${unknown.message} ${unknown.mend}`).toContain('data.open');
      expect((await refusal(client.ask('data.open', { data: 7 as unknown as string }))).message).toMatch(
        /^Expected valid content \(string\) for the request of 'data.open', 'data'/,
      );
      // An id is no path.
      for (const data of ['/etc', '../..', '.', 'data:../x', 'C:\\']) {
        expect((await refusal(client.ask('data.open', { data }))).message).toMatch(
          /^Expected data that the studio knows/,
        );
      }
      expect((await refusal(client.ask('run.show', { run: '../digits' }))).message).toMatch(/^Expected a run/);
      expect((await refusal(client.ask('job.show', { job: '1' }))).message).toMatch(/^Expected a job/);
    });

    it('opens built-in data: counts, a filtered page, thumbnails, one picture', async () => {
      const opened = await client.ask('data.open', { data: 'digits' });
      expect(opened).toMatchObject({
        images: 7000,
        channels: 1,
        parts: { train: { count: 6000 }, test: { count: 1000 } },
      });
      const page = await client.ask('data.page', { data: 'digits', part: 'test', class: '3', limit: 5 });
      expect(page.total).toBe(100);
      expect(page.ids).toHaveLength(100);
      expect(page.items).toHaveLength(5);
      expect(page.items.every(({ label, part }) => label === 3 && part === 'test')).toBe(true);
      const ids = [...page.ids.subarray(0, 7)];
      const { pixels, missing, side } = await client.ask('data.thumbnails', { data: 'digits', ids, side: 28 });
      expect([missing, side, pixels.length]).toEqual([[], 28, 7 * 28 * 28 * 4]);
      const one = await client.ask('data.picture', { data: 'digits', id: ids[2] });
      expect(one.picture).toMatchObject({ width: 28, height: 28, channels: 1 });
      // The block holds the same picture.
      const begin = 2 * 28 * 28 * 4;
      const red = one.picture.data.map((_, i) => pixels[begin + 4 * i]);
      expect(Buffer.from(red).equals(Buffer.from(one.picture.data))).toBe(true);
    });

    it('shows models, what is wrong with them and how to mend it', async () => {
      const fine = await client.ask('model.show', { model: 'lenet5' });
      if (!fine.fits) throw new Error(fine.problem.message);
      expect(fine.summary.parameters).toBe(61_706);
      expect(fine.memory?.memory).toBeGreaterThan(1e5);
      const draft = 'conv 8 3, pool, pool, pool, pool, pool, flatten, linear';
      const wrong = await client.ask('model.show', { model: draft });
      if (wrong.fits) throw new Error('it cannot fit');
      expect(wrong.layers.length).toBeGreaterThan(2);
      expect(wrong.problem.layer).toMatch(/^maxpool/);
      const mend = wrong.problem.mends.find(({ complete }) => complete);
      const mended = await client.ask('model.mend', { model: draft, changes: [...(mend?.changes ?? [])] });
      expect(await client.ask('model.show', { model: { ...mended.draft } })).toMatchObject({ fits: true });
      const { text } = await client.ask('model.write', { model: 'lenet5', form: 'pytorch' });
      expect(text).toContain('nn.Conv2d');
    });

    it('does not lose a model that two tabs edit', async () => {
      const first = await client.ask('model.save', { name: 'mine', model: 'conv 8 3, flatten, linear' });
      const second = await client.ask('model.save', {
        name: 'mine',
        model: 'conv 9 3, flatten, linear',
        before: first.version,
      });
      const late = await refusal(
        client.ask('model.save', { name: 'mine', model: 'conv 7 3, flatten, linear', before: first.version }),
      );
      expect(late.message).toContain('changed elsewhere');
      expect((await client.ask('model.read', { name: 'mine' })).version).toBe(second.version);
      expect(await client.ask('model.show', { model: 'model:mine' })).toMatchObject({ fits: true, name: 'mine' });
    });

    describe("with pictures of one's own", () => {
      let data = '';
      it('takes an upload', async () => {
        const files = await twoColours(12);
        const { upload } = await client.ask('upload.begin', { name: 'colours' });
        // A large file comes in pieces, and one of them twice.
        const [first, ...others] = files;
        const half = first.bytes.length >> 1;
        const pieces = [
          { path: first.path, offset: 0, bytes: first.bytes.slice(0, half) },
          { path: first.path, offset: 0, bytes: first.bytes.slice(0, half) },
          { path: first.path, offset: half, bytes: first.bytes.slice(half) },
          ...others,
          // No picture; it is told and left out.
          { path: 'colours/red/readme.txt', bytes: new TextEncoder().encode('hello') },
        ];
        await client.ask('upload.add', { upload, pieces });
        const told: LoggedEvent[] = [];
        const taken = await finish(client, 'upload.finish', { upload }, (events) => told.push(...events));
        const moved = told.flatMap(({ event }) => (event.kind === 'progress' ? [event] : []));
        // A machine moves a folder at once, a page file by file, and says how far it is.
        expect(moved.at(-1)).toEqual(
          host.place === 'node'
            ? undefined
            : { kind: 'progress', doing: 'Taking the files in', done: 25, total: 25, unit: 'files' },
        );
        expect(taken).toMatchObject({ images: 24, classNames: ['blue', 'red'] });
        data = taken.data;
        expect(await client.ask('data.open', { data })).toMatchObject({ images: 24, channels: 3, fixable: true });
      });

      it('refuses uploads that lead elsewhere or hold nothing', async () => {
        const { upload } = await client.ask('upload.begin', { name: 'bad' });
        for (const path of ['../x.png', 'a/../../x.png', '..\\x.png', '']) {
          await refusal(client.ask('upload.add', { upload, pieces: [{ path, bytes: new Uint8Array(3) }] }));
        }
        await refusal(
          client.ask('upload.add', { upload, pieces: [{ path: 'a.png', offset: 5, bytes: new Uint8Array(3) }] }),
        );
        await refusal(finish(client, 'upload.finish', { upload }));
        await client.ask('upload.add', { upload, pieces: [{ path: '/etc/passwd', bytes: new Uint8Array(3) }] });
        const noData = await refusal(finish(client, 'upload.finish', { upload }));
        expect(noData.message).not.toContain('Something went wrong');
        expect((await client.ask('data.list', {})).data.filter(({ kind }) => kind === 'folder')).toHaveLength(1);
      });

      it('examines them, keeps decisions and takes them back; numbers of pictures stay', async () => {
        const { findings, pictures } = await finish(client, 'data.doctor', { data });
        expect(pictures).toBe(24);
        expect(Array.isArray(findings)).toBe(true);
        const before = await client.ask('data.page', { data });
        const gone = before.items[3];
        await client.ask('data.fix', { data, fixes: [{ fix: 'exclude', file: gone.origin }] });
        const after = await client.ask('data.page', { data });
        expect(after.items.map(({ id }) => id)).toEqual(
          before.items.map(({ id }) => id).filter((id) => id !== gone.id),
        );
        await refusal(client.ask('data.picture', { data, id: gone.id }));
        const { undone } = await client.ask('data.unfix', { data });
        expect(undone).toMatchObject([{ fix: 'exclude', file: gone.origin }]);
        expect((await client.ask('data.page', { data })).total).toBe(24);
      });

      it('splits, previews augmentation, foretells the recipe', async () => {
        const split = await finish(client, 'split.make', { data, val: 0.25, test: 0.25 });
        expect(split.images).toEqual({ train: 12, val: 6, test: 6, out: 0 });
        expect((await client.ask('data.page', { data, part: 'val' })).total).toBe(6);
        const ids = [...(await client.ask('data.page', { data, part: 'train' })).ids.subarray(0, 2)];
        const preview = await client.ask('augment.preview', {
          data,
          ids,
          augmentation: { version: 2, steps: [{ type: 'rotate', degrees: 40 }] },
          epochs: 3,
        });
        const { count, epochs, height, width, channels, pixels } = preview;
        expect(pixels.length).toBe(count * (epochs + 1) * height * width * channels);
        const size = height * width * channels;
        expect(Buffer.from(pixels.subarray(0, size)).equals(Buffer.from(pixels.subarray(size, 2 * size)))).toBe(false);
        const foreseen = await client.ask('train.recipe', { data, model: 'tiny-vgg', epochs: 3 });
        expect(foreseen).toMatchObject({ recipe: { epochs: 3, modelName: 'tiny-vgg' }, images: { train: 12, val: 6 } });
        expect(foreseen.why.length).toBeGreaterThan(0);
        expect(foreseen.memory.total).toBeGreaterThan(0);
      });

      it('trains as foretold and tests; what it says of each picture is kept', async () => {
        const trained = await finish(client, 'train.start', { data, model: 'flatten, linear', epochs: 4, seed: 3 });
        expect(trained).toMatchObject({ status: 'finished', testImages: 6 });
        const { run } = trained;
        const test = await finish(client, 'test.run', { run, resamples: 0 });
        expect(test).toMatchObject({ images: 6, run, look: { number: 1 } });
        const said = await client.ask('test.predictions', { run, part: 'test' });
        expect(said.probabilities).toHaveLength(12);
        expect(said.ids.every((id) => id >= 0)).toBe(true);
        const right = await client.ask('data.page', { data, predicted: { run, right: true } });
        expect(right.total).toBe(Math.round(test.accuracy * 6));
        expect(right.asked).toEqual(['test']);
        expect((await client.ask('test.show', { run })).test?.accuracy).toBe(test.accuracy);
        await finish(client, 'test.predict', { run, part: 'val' });
        expect((await client.ask('test.predictions', { run, part: 'val' })).labels).toHaveLength(6);
        const like = await finish(client, 'train.like', { run, overrides: { epochs: 2 } });
        expect(like.epochs).toHaveLength(2);
        expect((await client.ask('run.diagnose', { run })).diagnosis).toEqual(expect.any(Array));
        const both = await finish(client, 'test.run', {
          run,
          resamples: 0,
          others: [like.run],
          foreign: 'digits',
          robustness: true,
          slices: `file,light\n${said.origins.map((origin, i) => `${origin},${i % 2 ? 'day' : 'night'}`).join('\n')}\n`,
        });
        expect(both.others).toMatchObject([{ run: like.run }]);
        expect(both.robustness).toMatchObject([{ run }, { run: like.run }]);
        expect(both.foreign).toMatchObject({ data: 'digits' });
        expect(both.reliability.length).toBeGreaterThan(0);
        expect((await refusal(client.ask('report.take', { run }))).mend).toContain('Make');
        expect((await refusal(client.begin('report.make', { run: like.run }))).message).toContain(`'${like.run}'`);
        await finish(client, 'report.make', { run });
        const report = await client.ask('report.take', { run });
        expect(report.name).toBe(`${run}-report.html`);
        expect(report.html).toContain(`<h1>${run}</h1>`);
        for (const part of ['confusion', 'robustness', 'foreign', 'comparison', 'training', 'recipe'])
          expect(report.html).toContain(`<section id="${part}">`);
        expect(report.html).toMatch(/<svg [\s\S]*role="img"/);
        const [{ comparison }] = both.others;
        const shown = both.errors.count + comparison.onlyFirst + comparison.onlySecond;
        expect(report.html.includes('data:image/')).toBe(shown > 0);
        const state = await client.ask('studio.state', { data, model: `run:${run}`, run });
        expect(state).toMatchObject({ data: { images: 24 }, run: { test: { images: 6, looks: 2 } } });
      });

      it('gives a run away with its pictures, and takes it in: it goes on to the same bits, and is tested', async () => {
        const request = { data, model: 'flatten, linear', epochs: 3, seed: 4 };
        const { run, weights } = await finish(client, 'train.start', request);
        const shorter = await finish(client, 'train.start', { ...request, epochs: 2 });
        const weight = await client.ask('run.weigh', { run: shorter.run });
        const { input } = (await client.ask('run.show', { run })).description.recipe.model;
        const bytes = 24 * input[0] * input[1] * input[2];
        expect(weight.pictures).toEqual({ count: 24, bytes, size: input, here: true });
        const alone = await takeFile(client, shorter.run, false);
        const whole = await takeFile(client, shorter.run, true);
        expect(whole.bytes.length - alone.bytes.length).toBeGreaterThan(bytes);
        expect(whole.name).toBe(`${shorter.run}.zip`);
        // Its data are here: found again by their pictures.
        const same = await bringFile(client, whole);
        expect(same).toEqual({ run: `${shorter.run}-2`, pictures: 'here', data });
        expect(await bringFile(client, alone)).toEqual({ run: `${shorter.run}-3`, pictures: 'here', data });
        // Others of that name are here: then they come along.
        const [picture] = (await client.ask('data.page', { data, part: 'train' })).items;
        await client.ask('data.fix', { data, fixes: [{ fix: 'exclude', file: picture.origin }] });
        expect(await bringFile(client, alone)).toEqual({ run: `${shorter.run}-4`, pictures: 'missing' });
        const along = await bringFile(client, whole);
        expect(along).toMatchObject({ run: `${shorter.run}-5`, pictures: 'along' });
        expect(along.data).not.toBe(data);
        expect(await client.ask('data.open', { data: along.data as string })).toMatchObject({
          images: 24,
          classNames: ['blue', 'red'],
          parts: { train: { count: 12 }, val: { count: 6 }, test: { count: 6 } },
        });
        await client.ask('data.unfix', { data });
        const longer = await finish(client, 'train.resume', { run: along.run, epochs: 3 });
        const here = await finish(client, 'train.resume', { run: same.run, epochs: 3 });
        expect([longer.weights, here.weights]).toEqual([weights, weights]);
        const test = await finish(client, 'test.run', { run: along.run, resamples: 0 });
        expect(test.testHash).toBe((await finish(client, 'test.run', { run, resamples: 0 })).testHash);
      });

      it('takes in nothing that is no run, and says why', async () => {
        const before = await client.ask('run.list', {});
        for (const bytes of [new Uint8Array(5000), new TextEncoder().encode('no zip')])
          expect((await refusal(bringFile(client, { name: 'x.zip', bytes }))).message).toContain("'x.zip'");
        const { upload } = await client.ask('upload.begin', { name: 'nothing' });
        await refusal(finish(client, 'run.bring', { upload }));
        await refusal(client.ask('taken.read', { taken: '../../run.json', offset: 0 }));
        await refusal(client.begin('run.take', { run: '..' }));
        expect((await client.ask('run.list', {})).runs).toHaveLength(before.runs.length);
      });
    });

    describe('a training', () => {
      let run = '';
      it('is followed, halted, stepped, answered beside, ended and resumed to the same bits everywhere', async () => {
        const job = await client.begin('train.start', {
          data: 'digits',
          model: 'lenet5',
          epochs: 2,
          seed: 7,
          batch: 128,
        });
        const news = follow(client, job.id);
        // Another one waits its turn and says for whom.
        const second = await client.begin('train.start', { data: 'digits', model: 'linear', epochs: 1 });
        expect(second).toMatchObject({ state: 'queued', waitsFor: [job.title] });
        await news.until(({ event }) => event.kind === 'step' && event.step >= 3);
        await client.ask('job.pause', { job: job.id });
        await settled(client, job.id);
        const halted = lastStep(await eventsOf(client, job.id));
        await client.ask('job.step', { job: job.id, steps: 2 });
        await until(async () => (await client.ask('job.show', { job: job.id })).job.state === 'paused');
        await settled(client, job.id);
        expect(lastStep(await eventsOf(client, job.id))).toBe(halted + 2);
        await client.ask('job.cancel', { job: second.id });
        await client.ask('job.cancel', { job: job.id });
        await news.ended;
        run = (await client.ask('job.show', { job: job.id })).job.run as string;
        expect(await client.ask('run.show', { run })).toMatchObject({
          status: 'interrupted',
          resumable: true,
          epochs: 2,
        });
        expect((await client.ask('studio.state', {})).interrupted.map((one) => one.run)).toContain(run);

        const resumed = await client.begin('train.resume', { run });
        const again = follow(client, resumed.id);
        await again.until(({ event }) => event.kind === 'epoch');
        // A click is answered while it trains: by the best model so far.
        const { picture } = await client.ask('data.picture', { data: 'digits', id: 1 });
        const { width, height, channels, data: pixels } = picture;
        const { pictures } = await client.ask('classify.pictures', {
          run,
          pictures: [{ width, height, channels, pixels }],
          top: 3,
          seen: true,
        });
        const [one] = pictures;
        if ('error' in one) throw new Error(one.error);
        expect(one.top).toHaveLength(3);
        expect((await client.ask('job.show', { job: resumed.id })).job.ended).toBeUndefined();
        await again.ended;
        const { result } = await client.ask('job.show', { job: resumed.id });
        const { weights, status } = result as { weights: string; status: string };
        expect(status).toBe('finished');
        if (!hashes.has('lenet5')) hashes.set('lenet5', weights);
        expect(weights).toBe(hashes.get('lenet5'));
      }, 120_000);

      it('leaves a model file that can be taken and read', async () => {
        const { name: file, bytes } = await client.ask('model.take', { run });
        expect(file).toBe(`${run}.safetensors`);
        expect(readClassifier(bytes, file).classNames).toHaveLength(10);
        const hash = createHash('sha256').update(bytes).digest('hex');
        expect(hash).toHaveLength(64);
      });

      it('tells its events from any number on, in order', async () => {
        const { jobs } = await client.ask('job.list', {});
        const { id } = jobs.find((job) => job.verb === 'train.resume') as JobSummary;
        const all = await eventsOf(client, id);
        expect(all.at(-1)?.event).toMatchObject({ kind: 'ended', state: 'finished' });
        expect(all.map(({ index }) => index)).toEqual([...all.map(({ index }) => index)].sort((a, b) => a - b));
        const late = follow(client, id, all[4].index);
        await late.ended;
        expect(late.seen).toEqual(all.slice(4));
      });

      it('can be noted, deleted and had back', async () => {
        await client.ask('run.note', { run, text: 'the first <b>one</b>' });
        expect((await client.ask('run.show', { run })).notes).toBe('the first <b>one</b>');
        await client.ask('run.delete', { run });
        expect((await client.ask('run.list', {})).runs.map((one) => one.run)).not.toContain(run);
        await client.ask('run.restore', { run });
        expect((await client.ask('run.list', {})).runs.map((one) => one.run)).toContain(run);
      });
    });

    describe('the course', () => {
      it('tells its lessons, tries, runs, checks and measures', async () => {
        const { lessons } = await client.ask('course.list', {});
        const lesson = 'convolution';
        expect(lessons.map(({ id }) => id)).toContain(lesson);
        const told = await client.ask('course.lesson', { lesson });
        const experiments = told.blocks.flatMap((block) => (block.kind === 'experiment' ? [block.experiment] : []));
        expect(experiments.map(({ id }) => id)).toEqual(['slide', 'learned']);
        expect(JSON.stringify(told)).not.toContain('solution');
        // What is to be found out stands on the teacher's page alone.
        expect(JSON.stringify(await client.ask('course.lesson', { lesson: 'faults' }))).not.toContain(
          'The ten patients',
        );
        const slid = await client.ask('course.try', {
          lesson,
          experiment: 'slide',
          options: { padding: 1, stride: 2 },
        });
        expect(slid).toMatchObject({ numbers: { rows: 7, columns: 7 } });
        expect(slid.figures.map(({ kind }) => kind)).toEqual(['numbers', 'numbers', 'numbers']);
        await refusal(client.ask('course.try', { lesson, experiment: 'learned' }));
        expect(
          (await refusal(client.ask('course.try', { lesson, experiment: 'slide', options: { stride: 9 } }))).message,
        ).toMatch(/^Expected .* for experiment 'slide', option 'stride'/);
        const wrong = await finish(client, 'course.check', {
          lesson,
          answer: { kernel: [0, 0, 0, 0, 1, 0, 0, 0, 0] },
        });
        expect(wrong.right).toBe(false);
        expect(wrong.words.length).toBeGreaterThan(20);
        expect(await finish(client, 'course.claim', { lesson, claim: 0 })).toMatchObject({ measured: 7, holds: true });
        const options = { filters: 2, epochs: 1, seed: 1 };
        const { hash } = await finish(client, 'course.run', { lesson, experiment: 'learned', options });
        expect(hash).toMatch(/^\S{16,}$/);
        if (!hashes.has('lesson')) hashes.set('lesson', hash as string);
        expect(hash).toBe(hashes.get('lesson'));
        // The teacher is told the hash that a learner gets here, and that another engine (Node's) gets.
        const teacher = await finish(client, 'course.teacher', { lessons: [lesson] });
        const own = await learned.run(
          { createEngine: () => createEngine({ inline: true }) },
          completeOptions(learned, {}, 'learned'),
        );
        expect(teacher.hashes).toEqual([{ lesson, experiment: 'learned', hash: own.hash }]);
        expect((await finish(client, 'course.run', { lesson, experiment: 'learned', options: {} })).hash).toBe(
          own.hash,
        );
        expect(teacher.html).toContain(own.hash);
      }, 60_000);
    });

    describe('explanations', () => {
      let run = '';
      const picture = { data: 'digits', id: 3 };
      beforeAll(async () => {
        const model = 'conv 4 3, relu, pool 2, flatten, linear';
        run = (await finish(client, 'train.start', { data: 'digits', model, epochs: 1, seed: 5, batch: 256 })).run;
      }, 60_000);

      it('lead from a picture to its maps, to a unit, to the arithmetic of one value and on', async () => {
        const opened = await client.ask('explain.open', { run, picture });
        expect(opened.layers.map(({ type }) => type)).toEqual(['conv2d', 'relu', 'maxPool2d', 'flatten', 'linear']);
        expect(opened.pixels).toMatchObject({ width: 28, height: 28, channels: 1 });
        expect(opened.probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
        const layer = opened.layers[1].id;
        const maps = await client.ask('explain.ask', { run, picture, method: 'feature-maps', layer, most: 3 });
        expect(maps.panels).toHaveLength(3);
        const [height, width] = opened.layers[1].shape;
        const unit = { layer, channel: 2, y: 10, x: 12 };
        const panel = maps.panels[2];
        if (panel.kind !== 'values') throw new Error('a map has values');
        expect(panel).toMatchObject({ height, width });
        const relu = await client.ask('explain.arithmetic', { run, picture, place: { unit } });
        expect(relu).toMatchObject({ equal: true, layer, index: [10, 12, 2] });
        expect(relu.result).toBeCloseTo(panel.values[10 * width + 12], 4);
        // From a number to those that it came of: the convolution's nine products and its bias.
        const from = relu.steps.flatMap(({ rows }) => rows.flatMap(({ operands }) => operands))[0].from;
        if (!from) throw new Error('relu reads a number that stands somewhere');
        const before = await client.ask('explain.arithmetic', {
          run,
          picture,
          place: { value: from.value, element: from.element },
        });
        expect(before).toMatchObject({ equal: true, layer: opened.layers[0].id });
        const values = (await client.ask('explain.values', { run, picture })).values;
        expect(values.map(({ value }) => value)).toEqual(expect.arrayContaining([from.value]));
        const loss = await client.ask('explain.arithmetic', { run, picture, place: { value: 'loss', element: 0 } });
        expect(loss).toMatchObject({ equal: true, of: { what: 'loss', class: opened.label } });
        const field = await client.ask('explain.ask', { run, picture, method: 'receptive-field', unit });
        expect(field.panels[0].box).toEqual({ top: 10, left: 12, bottom: 12, right: 14 });
        for (const method of ['grad-cam', 'saliency']) {
          const heat = await client.ask('explain.ask', { run, picture, method });
          expect(heat.panels.some((one) => one.kind === 'values')).toBe(true);
        }
      }, 60_000);

      it('take a picture that somebody brought, and give the same for the same pixels', async () => {
        const { picture: digit } = await client.ask('data.picture', { data: 'digits', id: 3 });
        const { width, height, channels, data: pixels } = digit;
        const { brought } = await client.ask('explain.bring', { picture: { width, height, channels, pixels } });
        const one = await client.ask('explain.open', { run, picture: { brought } });
        const other = await client.ask('explain.open', { run, picture });
        expect([...one.probabilities]).toEqual([...other.probabilities]);
        expect(one.label).toBeUndefined();
        expect(other.label).toBeDefined();
        const lost = client.ask('explain.open', { run, picture: { brought: '0123456789abcdef' } });
        expect((await refusal(lost)).mend).toContain('Bring');
      });

      it('look at no test picture before a test was counted', async () => {
        const { ids } = await client.ask('data.page', { data: 'digits', part: 'test', limit: 1 });
        const test = { data: 'digits', id: ids[0] };
        expect((await refusal(client.ask('explain.open', { run, picture: test }))).mend).toContain(
          'Test the run first',
        );
        await finish(client, 'test.run', { run, resamples: 0 });
        expect((await client.ask('explain.open', { run, picture: test })).classNames).toHaveLength(10);
      });

      it('find the nearest training pictures, by their numbers', async () => {
        const { data, near } = await finish(client, 'explain.nearest', { run, picture, most: 3 });
        expect(data).toBe('digits');
        expect(near).toHaveLength(3);
        expect(near[0].distance).toBeLessThanOrEqual(near[2].distance);
        const page = await client.ask('data.page', { data: 'digits', search: near[0].origin, limit: 1 });
        expect(near[0].id).toBe(page.ids[0]);
        await refusal(client.ask('explain.ask', { run, picture, method: 'nearest' }));
      }, 60_000);

      it('say what they do not know', async () => {
        const ask = (request: object) =>
          refusal(client.ask('explain.ask', { run, picture, method: 'saliency', ...request }));
        expect((await ask({ method: 'grad-kam' })).mend).toContain('grad-cam');
        await ask({ picture: { data: 'digits', id: 999_999 } });
        await ask({ class: 'eleven' });
        await ask({ method: 'receptive-field', unit: { layer: 'conv1', channel: 99, y: 0, x: 0 } });
        await refusal(client.ask('explain.arithmetic', { run, picture, place: { value: 'no', element: 0 } }));
      });
    });

    it('says why a job failed', async () => {
      const error = await refusal(
        finish(client, 'train.start', { data: 'digits', model: 'conv 4 99, flatten, linear' }),
      );
      expect(error.message).toMatch(/^Expected/);
    });
  });
}

const eventsOf = async (client: StudioClient, job: string): Promise<readonly LoggedEvent[]> =>
  (await client.ask('job.events', { job, limit: 5000 })).events;

const lastStep = (events: readonly LoggedEvent[]): number =>
  events.reduce((last, { event }) => (event.kind === 'step' ? event.step : last), 0);

async function until(test: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await test()); tries++) {
    if (tries > 200) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Waits until a halted job tells nothing new: the step in progress comes to its end first. */
async function settled(client: StudioClient, job: string): Promise<void> {
  let before = -1;
  await until(async () => {
    const { events } = (await client.ask('job.show', { job })).job;
    await new Promise((resolve) => setTimeout(resolve, 150));
    const same = events === before;
    before = events;
    return same;
  });
}

/** Follows a job for a test. */
function follow(client: StudioClient, job: string, from = 0) {
  const seen: LoggedEvent[] = [];
  const waiting = new Set<() => void>();
  let finished = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    finished = resolve;
  });
  client.watch(
    job,
    (events, summary) => {
      seen.push(...events);
      for (const look of [...waiting]) look();
      if (summary.ended !== undefined) finished();
    },
    from,
  );
  return {
    seen,
    ended,
    until: (test: (event: LoggedEvent) => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!seen.some(test)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
