import type { IncomingMessage } from 'node:http';

/** How an address is asked. */
export interface GetOptions {
  /** Sent with each hop of a redirect. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Where plain http may be used: `loopback` (the default) on this machine alone; `any` also elsewhere, for content that a
   * checksum from another place vouches for.
   */
  readonly plainHttp?: 'loopback' | 'any';
  /** Seconds without any answer, or between two pieces of one, after which it counts as cut. Default 30. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
}

/** What came back: the answer after all redirects, its body not yet read. */
export interface GetAnswer {
  readonly response: IncomingMessage;
  readonly status: number;
  /** A header of the answer, or of a redirect that led to it: hubs tell checksums on the way. */
  header(name: string): string | undefined;
}

/** An address that did not give what it should, in words for a person. Another address may. */
export class AddressError extends Error {
  /** Whether asking the same address again may help: the connection was cut, or nothing came in time. */
  readonly cut: boolean;

  constructor(message: string, cut = false) {
    super(message);
    this.cut = cut;
  }
}

const mostRedirects = 5;

/**
 * Asks an address, following redirects: from https only to https. The body is as it was sent (no decoding).
 * @throws AddressError in words. @throws the signal's reason.
 */
export async function httpGet(address: string, options: GetOptions = {}): Promise<GetAnswer> {
  let url = parseAddress(address);
  const passed: IncomingMessage['headers'][] = [];
  for (let hop = 0; ; hop++) {
    checkAllowed(url, options.plainHttp ?? 'loopback');
    const response = await ask(url, options);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) {
      const all = [response.headers, ...passed.reverse()];
      return {
        response,
        status,
        header(name) {
          const value = all.map((headers) => headers[name]).find((one) => one !== undefined);
          return Array.isArray(value) ? value[0] : value;
        },
      };
    }
    response.destroy();
    if (hop === mostRedirects) throw new AddressError(`more than ${mostRedirects} redirects`);
    const next = parseAddress(location, url);
    if (url.protocol === 'https:' && next.protocol !== 'https:')
      throw new AddressError(`a redirect from https to ${next.protocol.slice(0, -1)}, not followed`);
    passed.push(response.headers);
    url = next;
  }
}

/** The whole body as text, up to `limit` bytes. @throws AddressError when it is no 200. */
export async function httpText(address: string, limit: number, options: GetOptions = {}): Promise<string> {
  const { response, status } = await httpGet(address, { ...options, headers: { accept: 'application/json' } });
  if (status !== 200) {
    response.destroy();
    throw new AddressError(describeStatus(status));
  }
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of bodyOf(response, options)) {
    size += piece.length;
    if (size > limit) throw new AddressError(`more than ${limit} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The body piece by piece. @throws AddressError (`cut`) when it ends early or nothing comes in time. */
export async function* bodyOf(
  response: IncomingMessage,
  { patience = 30, signal }: GetOptions,
): AsyncGenerator<Buffer> {
  const slow = (): void => void response.destroy(new AddressError(`nothing came for ${patience} s`, true));
  response.setTimeout(patience * 1000, slow);
  const stop = (): void => void response.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for await (const piece of response) {
      signal?.throwIfAborted();
      yield piece as Buffer;
    }
    signal?.throwIfAborted();
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof AddressError ? error : new AddressError(describeCut(error), true);
  } finally {
    signal?.removeEventListener('abort', stop);
    response.destroy();
  }
}

/** `404 (not there)`. */
export function describeStatus(status: number): string {
  const meanings: Readonly<Record<number, string>> = {
    401: 'it asks for a password',
    403: 'it refuses',
    404: 'not there',
    410: 'no longer there',
    429: 'it is asked too often',
    503: 'it is busy',
  };
  const meaning = meanings[status] ?? (status >= 500 ? 'it has failed' : undefined);
  return `answer ${status}${meaning ? ` (${meaning})` : ''}`;
}

function parseAddress(address: string, base?: URL): URL {
  try {
    return new URL(address, base);
  } catch {
    throw new AddressError('no valid address');
  }
}

function checkAllowed({ protocol, hostname, username }: URL, plainHttp: 'loopback' | 'any'): void {
  if (username !== '') throw new AddressError('an address with a password in it, not asked');
  if (protocol === 'https:') return;
  if (protocol !== 'http:') throw new AddressError(`${protocol} is neither https nor http`);
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  if (!isLoopback && plainHttp !== 'any') throw new AddressError('plain http, where only https can be trusted');
}

async function ask(url: URL, { headers = {}, patience = 30, signal }: GetOptions): Promise<IncomingMessage> {
  signal?.throwIfAborted();
  // Loaded when first needed: commands that fetch nothing start without them.
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      // Bytes as they lie there: a server that packs them would change what the checksum is of.
      headers: { 'user-agent': 'fovea', 'accept-encoding': 'identity', ...headers },
    });
    const stop = (): void => void asked.destroy();
    signal?.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(
      () => asked.destroy(new AddressError(`no answer within ${patience} s`, true)),
      patience * 1000,
    );
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    asked.on('response', (response) => {
      settle();
      resolve(response);
    });
    // Stays on: a connection that breaks later tells it here too.
    asked.on('error', (error) => {
      settle();
      if (signal?.aborted) reject(signal.reason);
      else reject(error instanceof AddressError ? error : new AddressError(describeCut(error), wasCut(error)));
    });
    asked.end();
  });
}

const wasCut = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes((error as NodeJS.ErrnoException).code ?? '');

function describeCut(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const meanings: Readonly<Record<string, string>> = {
    ENOTFOUND: 'the host is not found (is this machine connected?)',
    EAI_AGAIN: 'the host is not found (is this machine connected?)',
    ENETUNREACH: 'the network is not reached (is this machine connected?)',
    EHOSTUNREACH: 'the host is not reached',
    ECONNREFUSED: 'the host refuses the connection',
    ETIMEDOUT: 'no answer',
    ECONNRESET: 'the connection was cut',
    EPIPE: 'the connection was cut',
    CERT_HAS_EXPIRED: 'its certificate has expired',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate cannot be verified (a proxy may stand between)',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate cannot be verified',
  };
  return meanings[code] ?? (message === 'aborted' ? 'the connection was cut' : message || 'the connection failed');
}
