import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FoveaError, invalid } from '../../core/errors.ts';
import type { Adapters } from '../../core/workbench/adapters.ts';
import { fileError } from '../../node/storage.ts';
import { createApp } from './app.ts';
import { readKeys } from './keys.ts';
import type { EngineName } from './runner.ts';
import { openServedModel, type ServedModel } from './served-model.ts';
import { createService, type ServiceLimits } from './service.ts';
import { watchModels } from './watch.ts';

export interface ServeOptions {
  /** Runs' folders and model files; each is served under its base name. */
  readonly models: readonly string[];
  /** Default 8080; 0: any that is free. */
  readonly port?: number;
  /** Default 127.0.0.1, which this machine alone reaches. */
  readonly host?: string;
  /** A file of API keys, one a line. */
  readonly keys?: string;
  readonly engine?: EngineName;
  readonly threads?: number;
  /** Pictures a run. Default 32. */
  readonly maxBatch?: number;
  /** Milliseconds that a picture waits for others that are on their way. Default 3. */
  readonly maxWait?: number;
  readonly limits?: Partial<ServiceLimits>;
  /** Milliseconds between two looks whether a model's file has changed; absent: none. */
  readonly watch?: number;
  /** What whoever runs the server should know, a sentence. */
  readonly onNote?: (text: string) => void;
}

/** A server that answers. */
export interface Serving {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  readonly models: readonly ServedModel[];
  /** Reads all models again; tells what failed. */
  reload(): Promise<void>;
  /** Takes nothing new, answers what was accepted, and ends. */
  close(): Promise<void>;
}

const defaultLimits: ServiceLimits = { bytes: 2 ** 25, pixels: 50e6, images: 64, queue: 256, timeout: 30_000 };

/** Serves classifiers over HTTP. @throws FoveaError where a model cannot be loaded or the port is taken. */
export async function startServing(adapters: Adapters, options: ServeOptions): Promise<Serving> {
  const { port = 8080, host = '127.0.0.1', maxBatch = 32, maxWait = 3, engine = 'fovea', onNote } = options;
  const keys = options.keys === undefined ? undefined : readKeys(await readKeyFile(options.keys), options.keys);
  const models = new Map<string, ServedModel>();
  const closeModels = async (): Promise<void> => {
    await Promise.all([...models.values()].map((model) => model.close()));
  };
  try {
    const limits = { ...defaultLimits, ...options.limits };
    const service = createService(models, limits);
    for (const source of options.models) {
      const name = nameOf(source);
      if (models.has(name)) {
        throw invalid(
          'models of different names',
          'the served models',
          `${name} twice`,
          'Rename one of the files or folders',
        );
      }
      const model = await openServedModel(adapters, name, source, {
        engine,
        threads: options.threads,
        maxBatch,
        maxWait,
        onBatch: (pictures) => service.metrics.ran(name, pictures),
        onTrouble(text) {
          service.metrics.restarted(name);
          onNote?.(text);
        },
      });
      models.set(name, model);
    }
    const app = await createApp(service, {
      keys,
      anyHost: options.host !== undefined,
      onFault: (error) => onNote?.(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
    const address = await app.listen({ port, host }).catch((error: NodeJS.ErrnoException) => {
      throw cannotListen(error, host, port);
    });
    const reload = async (): Promise<void> => {
      for (const model of models.values()) {
        await model.reload().then(
          () => onNote?.(`'${model.name}' was read again.`),
          (error: Error) => onNote?.(`'${model.name}' stays as it was. ${error.message}`),
        );
      }
    };
    const unwatch =
      options.watch === undefined
        ? undefined
        : watchModels([...models.values()], options.watch, (text) => onNote?.(text));
    return {
      address,
      models: [...models.values()],
      reload,
      async close() {
        service.ready = false;
        unwatch?.();
        // What does not come to its end in the time of a request does not come to it at all.
        const timer = setTimeout(() => app.server.closeAllConnections(), limits.timeout);
        await app.close();
        clearTimeout(timer);
        await closeModels();
      },
    };
  } catch (error) {
    await closeModels();
    throw error;
  }
}

/** A run folder's or a file's name without its ending. */
const nameOf = (source: string): string => basename(source).replace(/\.(safetensors|onnx)$/i, '');

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fileError('read', file, error);
  }
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): FoveaError {
  if (error.code === 'EADDRINUSE')
    return invalid('a free port', "option 'port'", port, 'Another program listens there; choose another with --port');
  if (error.code === 'EACCES')
    return invalid('a port that this user may use', "option 'port'", port, 'Choose one of 1024 or more');
  return new FoveaError(
    `Expected an address of this machine for option 'host' but received '${host}' (${error.code ?? error.message})`,
  );
}
