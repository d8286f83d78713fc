import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

/** Why a request is turned away: a status and a sentence. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly message: string;
  readonly mend: string;
}

/** Who may ask. */
export interface Access {
  readonly token: string;
  /** Names of the cookie in which a browser keeps the token: one a port, since cookies know no ports. */
  readonly cookie: string;
  /** Every request: is it meant for this server, and from a page of its own? */
  checkOrigin(headers: IncomingHttpHeaders): Refusal | undefined;
  /** Requests of data: does it bring the token? */
  checkToken(headers: IncomingHttpHeaders): Refusal | undefined;
  isToken(text: string | undefined): boolean;
}

export const newToken = (): string => randomBytes(24).toString('base64url');

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether only this machine can reach an address. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * @param host what the server listens at. Its names are those of the machine's own addresses: a page of somebody else
 * whose name was made to lead here (DNS rebinding) sends a name that is none of them.
 */
export function createAccess(host: string, port: () => number, token: string): Access {
  const names = new Set(loopback);
  if (!isLoopback(host)) {
    names.add(host.includes(':') ? `[${host}]` : host.toLowerCase());
    names.add(hostname().toLowerCase());
    for (const address of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
      names.add(address.family === 'IPv6' ? `[${address.address}]` : address.address);
    }
  }
  const known = (authority: string): boolean => {
    const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(authority);
    return match !== null && names.has(match[1].toLowerCase()) && Number(match[2] ?? 0) === port();
  };
  // Hashes are of one length and are compared in one time, whatever was sent.
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(token);
  const isToken = (text: string | undefined): boolean => text !== undefined && timingSafeEqual(digest(text), wanted);
  const cookieName = (): string => `fovea_studio_${port()}`;

  return {
    token,
    get cookie() {
      return cookieName();
    },
    isToken,
    checkOrigin({ host: asked, origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode }) {
      if (asked === undefined || !known(asked)) {
        return {
          status: 421,
          message: 'This server does not answer to that name',
          mend: 'Use the address that fovea studio printed',
        };
      }
      const foreign: Refusal = { status: 403, message: 'A page of another site may not ask here', mend: '' };
      if (origin !== undefined) {
        const own = /^https?:\/\/(.*)$/.exec(origin);
        if (!own || own[1].toLowerCase() !== asked.toLowerCase()) return foreign;
      }
      // A link from elsewhere may open the page; nothing else may be asked from elsewhere.
      if (site !== undefined && site !== 'same-origin' && site !== 'none' && mode !== 'navigate') return foreign;
      return undefined;
    },
    checkToken({ authorization, cookie }) {
      const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
      if (bearer !== undefined && isToken(bearer)) return undefined;
      for (const pair of (cookie ?? '').split(';')) {
        const at = pair.indexOf('=');
        if (at > 0 && pair.slice(0, at).trim() === cookieName() && isToken(pair.slice(at + 1).trim())) return undefined;
      }
      return {
        status: 401,
        message: 'Expected the token of this studio but received none that fits',
        mend: 'Open the address that fovea studio printed, with ?token=…',
      };
    },
  };
}
