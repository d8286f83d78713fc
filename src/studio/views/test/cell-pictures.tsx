import { type ReactNode, useEffect, useRef } from 'react';
import { ShareBars } from '../../charts/share-bars.tsx';
import { useAnswer } from '../../client/use-client.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { Thumbnails } from '../../parts/thumbnails.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { goTo } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { PictureInspector } from '../data/picture-inspector.tsx';

interface CellPicturesProps {
  readonly run: string;
  readonly truth: number;
  readonly predicted: number;
  readonly picture: number | undefined;
  readonly classNames: readonly string[];
  onChanged(): void;
}

const most = 60;

/** The pictures of one cell of the matrix, the surest first; one of them opened, with what the model said of it. */
export function CellPictures({ run, truth, predicted, picture, classNames }: CellPicturesProps): ReactNode {
  const { t, n, numbers } = useWords();
  const { value, error } = useAnswer('test.predictions', { run, part: 'test' });
  const data = useAnswer('data.open', value ? { data: value.data } : undefined).value;
  const card = useRef<HTMLDivElement>(null);
  const isHere = value !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture was opened, perhaps far above.
  useEffect(() => {
    if (isHere) card.current?.scrollIntoView({ block: 'nearest' });
  }, [picture, isHere]);
  if (error) return <Trouble message={error.message} mend={error.mend} />;
  if (!value) return <p className="quiet-wait">{t('wait.pictures')}</p>;
  const classes = value.classNames.length;
  const of = (i: number): Float32Array => value.probabilities.subarray(i * classes, (i + 1) * classes);
  const said = (i: number): number => of(i).reduce((best, share, label, all) => (share > all[best] ? label : best), 0);
  const rows = Array.from(value.labels, (_, i) => i)
    .filter((i) => value.labels[i] === truth && said(i) === predicted && value.ids[i] >= 0)
    .sort((a, b) => of(b)[predicted] - of(a)[predicted]);
  const open = rows.find((i) => value.ids[i] === picture);
  const place = (id: number): void =>
    goTo({ view: 'test', path: [run, classNames[truth], classNames[predicted], String(id)], query: {} });
  return (
    <section className="cell">
      <h2>{t('confusion.cellTitle', { truth: classNames[truth], predicted: classNames[predicted] })}</h2>
      <p className="soft">{n('data.found', rows.length)}</p>
      <Thumbnails
        data={value.data}
        ids={rows.slice(0, most).map((i) => value.ids[i])}
        names={rows.map((i) => value.origins[i])}
        captions={rows.map((i) => numbers.percent(of(i)[predicted], 0))}
        side={72}
        onChoose={place}
      />
      {rows.length > most && (
        <Link
          className="button plain"
          to={{ view: 'data', path: [value.data], query: { part: 'test', class: classNames[truth] } }}
        >
          {n('findings.all', rows.length)}
        </Link>
      )}
      {open !== undefined && picture !== undefined && (
        <div className="opened card spaced" ref={card}>
          <div>
            <h3>
              <Glossed text={t('test.said')} />
            </h3>
            <ShareBars
              label={t('classify.probabilities')}
              heads={[t('data.class'), t('classify.probability')]}
              bars={value.classNames.map((name, label) => ({
                name,
                share: of(open)[label],
                text: numbers.percent(of(open)[label]),
                top: label === predicted,
              }))}
            />
          </div>
          <PictureInspector
            data={value.data}
            run={run}
            id={picture}
            classNames={data?.classNames ?? value.classNames}
            fixable={data?.fixable ?? false}
            onLeave={() => goTo({ view: 'test', path: [run, classNames[truth], classNames[predicted]], query: {} })}
          />
        </div>
      )}
    </section>
  );
}
