import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { RequestOf } from '../../../core/workbench/studio/index.ts';
import { changed, useAnswer, useClient, useDoing } from '../../client/use-client.tsx';
import { fingerprint } from '../../gallery/fingerprint.ts';
import { Gallery } from '../../gallery/gallery.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import { useOverview } from './use-overview.ts';

export type Filter = Omit<RequestOf<'data.page'>, 'data' | 'offset' | 'limit'>;

interface PicturesPanelProps {
  readonly data: string;
  readonly version: string;
  readonly filter: Filter;
  readonly classNames: readonly string[];
  readonly fixable: boolean;
  readonly chosen: number | undefined;
  onChoose(id: number): void;
}

const blockSize = 64;
const side = 64;

/** All pictures that pass a filter. 1-9 give a class, X leaves out, Z takes back. */
export function PicturesPanel({
  data,
  version,
  filter,
  classNames,
  fixable,
  chosen,
  onChoose,
}: PicturesPanelProps): ReactNode {
  const { t, n, numbers } = useWords();
  const client = useClient();
  const doing = useDoing();
  const [failure, setFailure] = useState<Error>();
  const page = useAnswer('data.page', { data, ...filter, limit: 0 });
  const ids = page.value?.ids;
  const index = ids && chosen !== undefined ? ids.indexOf(chosen) : -1;
  const load = useCallback(
    async (block: number, signal: AbortSignal) => {
      const wanted = [...(ids?.subarray(block * blockSize, (block + 1) * blockSize) ?? [])];
      return client.ask('data.thumbnails', { data, ids: wanted, side }, signal);
    },
    [client, data, ids],
  );
  // By the pictures themselves: they come after the filter was changed, and blocks of the old ones would stay.
  const shown = useMemo(() => (ids ? fingerprint(ids) : ''), [ids]);
  const overview = useOverview(data, version, ids, blockSize);
  const decide = (key: string, at: number): void => {
    if (!ids || !fixable) return;
    const label = /^[1-9]$/.test(key) ? Number(key) - 1 : undefined;
    const isKnown =
      key.toLowerCase() === 'x' || key.toLowerCase() === 'z' || (label !== undefined && label < classNames.length);
    if (!isKnown) return;
    void doing.run(async () => {
      if (key.toLowerCase() === 'z') await client.ask('data.unfix', { data });
      else {
        const { origin } = await client.ask('data.picture', { data, id: ids[at], longest: 16 });
        const fix =
          label === undefined
            ? ({ fix: 'exclude', file: origin } as const)
            : ({ fix: 'relabel', file: origin, class: classNames[label] } as const);
        await client.ask('data.fix', { data, fixes: [fix] });
      }
      changed();
    });
  };
  const error = page.error ?? doing.error ?? failure;
  return (
    <div className="pictures">
      <p className="small soft status" role="status">
        {ids && n('data.found', ids.length)}
        {fixable && <span className="keys"> · {t('data.keys')}</span>}
      </p>
      {error && <Trouble message={error.message} mend={'mend' in error ? String(error.mend) : undefined} />}
      {ids && ids.length === 0 && <p className="quiet-wait">{t('data.nothingFound')}</p>}
      {ids && ids.length > 0 && (
        <Gallery
          label={t('data.gallery', { count: numbers.count(ids.length) })}
          count={ids.length}
          blockSize={blockSize}
          identity={`${data} ${version} ${shown}`}
          load={load}
          standIn={overview.of}
          standInWhole={overview.whole}
          describe={(at) => t('data.pictureOf', { at: numbers.count(at + 1), count: numbers.count(ids.length) })}
          chosen={index < 0 ? undefined : index}
          onChoose={(at) => onChoose(ids[at])}
          onKey={decide}
          onFailure={setFailure}
        />
      )}
    </div>
  );
}
