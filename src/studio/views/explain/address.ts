import type { RequestOf } from '../../../core/workbench/studio/index.ts';
import type { Route } from '../../route/route.ts';

/** What is looked into: `#/explain/RUN/DATA/PICTURE/LAYER/UNIT`, each step of which is one Escape. */
export interface ExplainedPlace {
  readonly run: string;
  /** An id in `data.list`, or `brought`. */
  readonly data: string;
  /** A number in the data, or the key of a picture that was brought. */
  readonly picture: string;
  /** A layer's id, or the name of a value of the network. */
  readonly layer?: string;
  /** A channel; with a row and a column (`5@3,4`) one value of it; `#7` is a place in a value. */
  readonly unit?: string;
}

/** In the place of data for pictures that no data have. */
export const brought = 'brought';

export const explainRoute = ({ run, data, picture, layer, unit }: ExplainedPlace): Route => ({
  view: 'explain',
  path: [run, data, picture, layer, unit].filter((step) => step !== undefined),
  query: {},
});

export function readPlace([run, data, picture, layer, unit]: readonly string[]): Partial<ExplainedPlace> {
  return { run, data, picture, layer, unit };
}

/** The picture as the workbench is asked for it; undefined for an address that names none. */
export function pictureOf({
  data,
  picture,
}: Partial<ExplainedPlace>): RequestOf<'explain.open'>['picture'] | undefined {
  if (data === undefined || picture === undefined) return undefined;
  if (data === brought) return { brought: picture };
  return /^\d{1,9}$/.test(picture) ? { data, id: Number(picture) } : undefined;
}

export interface UnitPlace {
  readonly channel: number;
  readonly y?: number;
  readonly x?: number;
}

/** `5`, `5@3,4`; undefined for what is no unit. */
export function readUnit(text: string | undefined): UnitPlace | undefined {
  const match = /^(\d{1,9})(?:@(\d{1,9}),(\d{1,9}))?$/.exec(text ?? '');
  if (!match) return undefined;
  const [, channel, y, x] = match;
  return { channel: Number(channel), ...(y === undefined ? {} : { y: Number(y), x: Number(x) }) };
}

export const writeUnit = ({ channel, y, x }: UnitPlace): string => `${channel}${y === undefined ? '' : `@${y},${x}`}`;

/** `#7` → 7: a place in a value that is no layer's output. */
export function readElement(text: string | undefined): number | undefined {
  const match = /^#(\d{1,10})$/.exec(text ?? '');
  return match ? Number(match[1]) : undefined;
}
