import type { BlobLike } from '../../formats/byte-source.ts';
import type { StudioClient } from './client.ts';

/** A file of a page, and where it lay, with slashes. */
export interface FoundFile {
  readonly path: string;
  readonly file: BlobLike;
}

export interface UploadProgress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

interface Piece {
  readonly path: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Small files travel together: a request each would cost more than their bytes. */
const mostPieces = 256;

/**
 * Brings files to the workbench, piece by piece. @returns the id of the upload, ready to be finished.
 * @throws the signal's reason when aborted; what came so far is thrown away there.
 */
export async function uploadFiles(
  client: StudioClient,
  name: string,
  found: readonly FoundFile[],
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<string> {
  const { upload, limits } = await client.ask('upload.begin', { name }, signal);
  const totalBytes = found.reduce((sum, { file }) => sum + file.size, 0);
  const sent = { files: 0, bytes: 0 };
  let pieces: Piece[] = [];
  let waiting = 0;
  const send = async (): Promise<void> => {
    if (pieces.length === 0) return;
    await client.ask('upload.add', { upload, pieces }, signal);
    sent.bytes += waiting;
    pieces = [];
    waiting = 0;
    onProgress({ ...sent, totalFiles: found.length, totalBytes });
  };
  try {
    for (const { path, file } of found) {
      let offset = 0;
      do {
        const length = Math.min(limits.piece, file.size - offset);
        if (pieces.length >= mostPieces || waiting + length > limits.piece) await send();
        const bytes = new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
        pieces.push({ path, offset, bytes });
        waiting += length;
        offset += length;
      } while (offset < file.size);
      sent.files++;
    }
    await send();
    return upload;
  } catch (error) {
    await client.ask('upload.cancel', { upload }).catch(() => undefined);
    throw error;
  }
}
