import type { DataPlace } from '../../core/workbench/studio/places.ts';
import type { Bench } from './bench.tsx';

/** Of data, what decides whether they may lie on the bench. */
type Listed = Pick<DataPlace, 'id' | 'kind' | 'present'>;

/** Data that the person named who started the studio, as one text that can be kept and compared. */
export const namedData = (known: readonly Listed[]): string =>
  known.flatMap(({ id, kind }) => (kind === 'given' ? [id] : [])).join('\n');

/**
 * The bench once it is told which data there are. Whoever starts the studio with data wants to see those, once: what is
 * chosen after that stays. Data that are gone (another studio at the same address, a folder that was deleted) leave.
 * @param namedBefore `namedData` when this tab asked last.
 * @param empty The bench of one who has chosen nothing.
 */
export function layOut(bench: Bench, known: readonly Listed[], namedBefore: string, empty: Bench): Bench {
  const named = namedData(known);
  const [first = empty.data] = named.split('\n').filter((id) => id !== '');
  const isNamed = named.split('\n').includes(bench.data);
  const isNew = named !== '' && named !== namedBefore && !isNamed;
  const isGone = !known.some(({ id, present }) => id === bench.data && present);
  return isNew || isGone ? { ...empty, data: first } : bench;
}
