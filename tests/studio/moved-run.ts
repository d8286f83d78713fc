import { finish, readTaken, type StudioClient } from '../../src/core/workbench/studio/client.ts';
import type { ResultOf } from '../../src/core/workbench/studio/index.ts';
import { uploadFiles } from '../../src/core/workbench/studio/upload-files.ts';

/** A run's file, as a person has it on the disk. */
export interface RunFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Takes a run away as a page does. */
export async function takeFile(client: StudioClient, run: string, withPictures: boolean): Promise<RunFile> {
  const { taken, name, bytes } = await finish(client, 'run.take', { run, withPictures });
  const pieces: Uint8Array[] = [];
  for await (const piece of readTaken(client, taken)) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  if (whole.length !== bytes) throw new Error(`${whole.length} of ${bytes} bytes`);
  return { name, bytes: whole };
}

/** Brings it as a page does. */
export async function bringFile(client: StudioClient, { name, bytes }: RunFile): Promise<ResultOf<'run.bring'>> {
  const file = new Blob([Uint8Array.from(bytes)]);
  const nobody = new AbortController().signal;
  const upload = await uploadFiles(client, name, [{ path: name, file }], () => undefined, nobody);
  return finish(client, 'run.bring', { upload });
}
