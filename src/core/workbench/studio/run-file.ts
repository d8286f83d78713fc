import { zip } from 'fflate';
import { mismatch } from '../../errors.ts';
import { type BlobLike, blobSource, readAll } from '../../formats/byte-source.ts';
import { quotePath } from '../../formats/quote.ts';
import { readZip } from '../../formats/zip.ts';
import { runFiles } from '../run-folder.ts';
import type { RunFile } from './move-run.ts';

/** Of a run's zip: two states of a large network and its pictures of a test stay below. */
const mostBytes = 2 ** 31;
const mostFiles = 100;

/** A run as one .zip file, its folder within: unpacked it is what the command line resumes. Weights hardly shrink: not packed. */
export function packRun(run: string, files: readonly RunFile[]): Promise<Uint8Array> {
  const entries = Object.fromEntries(files.map(({ name, bytes }) => [`${run}/${name}`, bytes] as const));
  return new Promise((resolve, reject) => {
    zip(entries, { level: 0 }, (error, packed) => (error ? reject(error) : resolve(packed)));
  });
}

/**
 * The files of a run that was taken elsewhere, and its name. Files in folders below the run's are left.
 * @throws FoveaError when it is no zip file, is damaged or too large, or holds more files than a run has.
 */
export async function unpackRun(
  file: BlobLike & { readonly name: string },
): Promise<{ name: string; files: RunFile[] }> {
  const subject = quotePath(file.name);
  if (file.size > mostBytes) throw mismatch('a run of at most 2 GiB', subject, `${file.size} bytes`);
  const { members } = await readZip(blobSource(file), subject, { totalBytes: mostBytes, entries: 100 * mostFiles });
  const inside = members.map((member) => ({ member, steps: member.path.split('/') }));
  const description = inside.find(({ steps }) => steps.length <= 2 && steps.at(-1) === runFiles.description);
  if (!description)
    throw mismatch(
      'a run as a .zip file',
      subject,
      `no ${runFiles.description} in it`,
      'Take it by "Take the run away"',
    );
  const folder = description.steps.slice(0, -1);
  const own = inside.filter(
    ({ steps }) => steps.length === folder.length + 1 && folder.every((step, i) => step === steps[i]),
  );
  if (own.length > mostFiles) throw mismatch(`at most ${mostFiles} files`, subject, `${own.length}`);
  const files: RunFile[] = [];
  for (const { member, steps } of own) {
    files.push({ name: steps.at(-1) as string, bytes: await readAll(await member.open(), subject, mostBytes) });
  }
  return { name: folder[0] ?? file.name.replace(/\.zip$/i, ''), files };
}
