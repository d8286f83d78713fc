import { chmod, rm, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { generate } from 'selfsigned';
import type { Storage } from '../core/workbench/storage.ts';

/** Days for which a certificate is good; browsers refuse longer ones. */
const days = 390;

/**
 * A certificate that this machine signs itself, so that browsers on a network allow camera and threads after a person said
 * yes to it. It is kept: the question is asked once.
 * @param folder where it lies.
 */
export async function ownCertificate(
  storage: Storage,
  folder: string,
  host: string,
): Promise<{ readonly key: string; readonly cert: string }> {
  const files = {
    key: storage.join(folder, 'key.pem'),
    cert: storage.join(folder, 'cert.pem'),
    until: storage.join(folder, 'until.txt'),
  };
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await storage.read(path));
  if (
    (await storage.kind(files.until)) === 'file' &&
    Date.parse((await text(files.until)).trim()) > Date.now() + 86_400_000
  ) {
    // One of an earlier studio may be readable by others.
    await chmod(files.key, 0o600);
    return { key: await text(files.key), cert: await text(files.cert) };
  }
  const names = new Set(['localhost', hostname().toLowerCase(), host]);
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const until = new Date(Date.now() + days * 86_400_000);
  const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);
  const altNames = [
    ...[...names].filter((name) => !isAddress(name)).map((value) => ({ type: 2 as const, value })),
    ...[...new Set([...addresses, ...[...names].filter(isAddress)])]
      .filter((ip) => !ip.includes('%'))
      .map((ip) => ({ type: 7 as const, ip })),
  ];
  const made = await generate([{ name: 'commonName', value: 'Fovea studio on this machine' }], {
    notAfterDate: until,
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames }],
  } as Parameters<typeof generate>[1]);
  await storage.makeFolder(folder);
  await rm(files.key, { force: true });
  await writeFile(files.key, made.private, { mode: 0o600, flag: 'wx' });
  await storage.write(files.cert, made.cert);
  await storage.write(files.until, `${until.toISOString()}\n`);
  return { key: made.private, cert: made.cert };
}
