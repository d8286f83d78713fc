import { z } from 'zod';
import { invalid } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import { fitModes } from '../../image/fit.ts';

/** The file that makes a folder a prepared store; written last. */
export const headFile = 'store.json';
/** What was done of a preparation that is not finished. */
export const journalFile = 'work.jsonl';

/** Names that a store's files may have: of a fixed form, so that no store can name a file elsewhere. */
export const shardName = /^shard-[0-9a-f]{16}\.bin$/;
export const indexName = /^index-[0-9a-f]{16}\.jsonl$/;
export const workName = /^work-\d{1,9}\.bin$/;

/** Pixels of a shard, in bytes; the last one has fewer, and one of larger pictures holds at least one. */
export const shardBytes = 2 ** 26;
/** The most pictures of a store, the most bytes of its head, and of its index. */
export const storeLimits = { pictures: 2e6, headBytes: 2 ** 24, indexBytes: 2 ** 30 } as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 as hex digits');
const count = z.int().min(0).max(storeLimits.pictures);
const side = z.int().min(1).max(4096);

const settingsSchema = z.object({
  height: side,
  width: side,
  channels: z.union([z.literal(1), z.literal(3)]),
  fit: z.enum(fitModes),
  /** What decoded and brought to size, with its version: pixels of another one may differ. */
  decoder: z.string().max(200),
});

/** What decides the pixels of a picture besides its file. */
export type StoreSettings = z.infer<typeof settingsSchema>;

const shardSchema = z.object({
  name: z.string().regex(shardName, 'the name of a shard'),
  pictures: count.min(1),
  sha256,
});
export type StoreShard = z.infer<typeof shardSchema>;

const headSchema = z.object({
  format: z.literal('fovea-store'),
  version: z.literal(1),
  /** The data that it was prepared from: what they are called, and what opens them. */
  name: z.string().min(1).max(4096),
  from: z.string().max(4096),
  /** Size and time of the one file that the data were, with the hash of the fixes: for a glance whether all is as it was. */
  stamp: z.string().max(400).optional(),
  created: z.string().max(40),
  classNames: z.array(z.string().max(4096)).min(2).max(65536),
  settings: settingsSchema,
  /** Pictures, and pictures and files that were left out. */
  pictures: count.min(1),
  skipped: count,
  index: z.object({
    name: z.string().regex(indexName, 'the name of an index'),
    bytes: z.int().min(1).max(storeLimits.indexBytes),
    sha256,
  }),
  shards: z.array(shardSchema).min(1).max(storeLimits.pictures),
  notes: z.array(z.string().max(10000)).max(1000),
});

/** `store.json`. See docs/store.md. */
export type StoreHead = z.infer<typeof headSchema>;

/** @param subject how errors name the file, quoted. @throws FoveaError when it is none, or of a later version. */
export function parseHead(bytes: Uint8Array, subject: string): StoreHead {
  const mend = 'Prepare the data anew, in a new folder';
  const wanted = 'the head of a prepared store';
  let value: { format?: unknown; version?: unknown } | null;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid(wanted, subject, 'no JSON', mend);
  }
  if (value?.format === 'fovea-store' && typeof value.version === 'number' && value.version > 1) {
    throw invalid('version 1 of the format', subject, value.version, 'A newer Fovea wrote it: update Fovea');
  }
  const result = headSchema.safeParse(value);
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    throw invalid(wanted, subject, `another content ('${path.map(String).join('.')}': ${message})`, mend);
  }
  return result.data;
}

export const formatHead = (head: StoreHead): string => `${JSON.stringify(head, null, 2)}\n`;

/** Whether two preparations give the same pixels. */
export const sameSettings = (a: StoreSettings, b: StoreSettings): boolean =>
  (['height', 'width', 'channels', 'fit', 'decoder'] as const).every((key) => a[key] === b[key]);

/** Bytes of a picture. */
export const storedSize = ({ height, width, channels }: StoreSettings): number => height * width * channels;

/** Pictures of a full shard. */
export const shardCapacity = (size: number): number => Math.max(1, Math.floor(shardBytes / size));

/** How an error names a file of a store. */
export const inStore = (store: string, name: string): string => quotePath(`${store}/${name}`);
