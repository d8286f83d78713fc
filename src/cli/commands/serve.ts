import { nodeAdapters } from '../../node/adapters.ts';
import { engines } from '../../server/serving/runner.ts';
import type { ServeOptions, Serving } from '../../server/serving/serve.ts';
import { type CommandContext, type CommandDefinition, number, UsageError, wholeNumber } from '../command.ts';
import { plural } from '../terminal/numbers.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { nameFrom, threadsOption } from './shared.ts';

/** Milliseconds between two looks at a watched file. */
const watchEvery = 1000;

export const serve: CommandDefinition = {
  name: 'serve',
  group: 'sharing',
  doc: 'Answers over HTTP what is on pictures, with models that were trained here.',
  arguments: [{ name: '<models...>', doc: "runs' folders or model files; each is served under its own name" }],
  options: [
    { flags: '--port <n>', doc: 'where it listens (default 8080; 0: any that is free)', parse: wholeNumber(0, 65535) },
    { flags: '--host <address>', doc: 'let other machines reach it, such as 0.0.0.0 (default: this machine alone)' },
    { flags: '--keys <file>', doc: 'ask for one of these API keys, one a line, of at least 16 characters' },
    { flags: '--watch', doc: 'read a model again when its file has changed' },
    {
      flags: '--max-batch <n>',
      doc: 'pictures that are computed together, at most (default 32)',
      parse: wholeNumber(1, 1024),
    },
    {
      flags: '--max-wait <ms>',
      doc: 'milliseconds that a picture waits for others on their way (default 3)',
      parse: number({ minimum: 0, below: 10_000 }, '3'),
    },
    {
      flags: '--queue <n>',
      doc: 'pictures taken and not answered yet; more are told 429 (default 256)',
      parse: wholeNumber(1, 100_000),
    },
    {
      flags: '--timeout <s>',
      doc: 'seconds that a request may take (default 30)',
      parse: number({ above: 0, below: 3600 }, '30'),
    },
    { flags: '--limit-bytes <n>', doc: 'bytes of a request (default 33554432)', parse: wholeNumber(1024, 2 ** 30) },
    { flags: '--limit-pixels <n>', doc: 'pixels of a picture (default 50 million)', parse: wholeNumber(1, 1e9) },
    {
      flags: '--engine <name>',
      doc: `${engines.join(' or ')}: what computes (onnx needs onnxruntime-node)`,
      parse: nameFrom(engines),
    },
    threadsOption,
  ],
  examples: [
    ['fovea serve runs/photos-vgg6-bn-1', 'on http://127.0.0.1:8080, with a page to try it'],
    ['fovea serve cats.safetensors dogs.safetensors --port 9000 --watch', 'two models, read again when they change'],
    ['fovea serve best.safetensors --host 0.0.0.0 --keys keys.txt', 'for other machines that have a key'],
  ],

  async run(context, [models], given) {
    const { terminal, signal } = context;
    const { port, host, keys, watch, maxBatch, maxWait, queue, timeout, limitBytes, limitPixels, engine, threads } =
      given as Readonly<Record<string, never>>;
    if (host === '') throw new UsageError("Expected an address for --host but received ''");
    const say = (text: string): void => terminal.out(harmless(text));
    const options: ServeOptions = {
      models: models as string[],
      port,
      host,
      keys,
      engine,
      threads,
      maxBatch,
      maxWait,
      watch: watch ? watchEvery : undefined,
      limits: defined({ queue, bytes: limitBytes, pixels: limitPixels, timeout: timeout && 1000 * timeout }),
      onNote: say,
    };
    // Loaded when first needed: other commands start without a server.
    const { startServing } = await import('../../server/serving/serve.ts');
    const serving = await startServing(nodeAdapters, options);
    tellServing(context, serving, { host, keys });
    const hangUp = (): void => void serving.reload();
    process.on('SIGHUP', hangUp);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    process.off('SIGHUP', hangUp);
    await serving.close();
    say('Every request that was taken is answered.');
    return { json: { address: serving.address, models: serving.models.map(({ name }) => name) } };
  },
};

function tellServing(
  { terminal }: CommandContext,
  serving: Serving,
  { host, keys }: { host?: string; keys?: string },
): void {
  const paint = painter(terminal);
  terminal.out(
    `Serving ${plural(serving.models.length, 'model')} on ${paint('strong', serving.address)} (a page to try it; /openapi.json)`,
  );
  for (const { name, engine, classifier } of serving.models) {
    const address = `${serving.address}/v1/models/${encodeURIComponent(name)}:classify`;
    terminal.out(
      `  ${harmless(name)}: ${plural(classifier.classNames.length, 'class', 'classes')}, computed by ${engine}`,
    );
    terminal.out(
      paint('faint', `    curl --data-binary @picture.jpg -H 'content-type: image/jpeg' '${harmless(address)}'`),
    );
  }
  if (host !== undefined && keys === undefined) {
    terminal.out('Everybody who reaches this address may use it; --keys FILE asks for keys.');
  }
  terminal.out('Ctrl-C ends it when what was taken is answered.');
}

/** The fields that were given. */
const defined = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
