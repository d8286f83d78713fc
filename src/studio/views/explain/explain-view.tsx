import type { ReactNode } from 'react';
import { useAnswer } from '../../client/use-client.tsx';
import { Columns } from '../../frame/columns.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { useRoute } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { explainRoute, pictureOf, readElement, readPlace } from './address.ts';
import { Heatmaps } from './heatmaps.tsx';
import { LayerMaps } from './layer-maps.tsx';
import { NearestPictures } from './nearest-pictures.tsx';
import { NetworkMaps } from './network-maps.tsx';
import { PictureFacts } from './picture-facts.tsx';
import { ValueArithmetic } from './value-arithmetic.tsx';

/** A picture's way through a trained network, from pixels to logits, down to the arithmetic of one value. */
export default function ExplainView(): ReactNode {
  const { t } = useWords();
  const { path } = useRoute();
  const place = readPlace(path);
  const { run, layer: layerId, unit } = place;
  const picture = pictureOf(place);
  const { value, error } = useAnswer('explain.open', run !== undefined && picture ? { run, picture } : undefined);
  if (run === undefined || picture === undefined) return <ChoosePicture />;
  if (error) {
    return (
      <Columns title={t('explain.title')}>
        <Trouble
          message={error.message}
          mend={error.mend}
          actions={
            <>
              <Link className="button" to={{ view: 'test', path: [run] }}>
                {t('thread.test')}
              </Link>
              <Link className="button" to={{ view: 'classify', path: [run] }}>
                {t('thread.classify')}
              </Link>
            </>
          }
        />
      </Columns>
    );
  }
  if (!value) {
    return (
      <Columns title={t('explain.title')}>
        <p className="quiet-wait">{t('explain.opening')}</p>
      </Columns>
    );
  }
  const asked = { run, picture };
  const at = { run, data: place.data as string, picture: place.picture as string };
  const layer = value.layers.find(({ id }) => id === layerId);
  const element = readElement(unit);
  return (
    <Columns
      title={t('explain.title')}
      leftLabel={t('model.layers')}
      left={
        <>
          <h2>
            <Glossed text={t('model.layers')} />
          </h2>
          <ul className="list classes">
            <li>
              <Link className="item" to={explainRoute(at)} aria-current={layerId === undefined ? 'true' : undefined}>
                {t('explain.whole')}
              </Link>
            </li>
            {value.layers.map(({ id, shape }) => (
              <li key={id}>
                <Link
                  className="item"
                  to={explainRoute({ ...at, layer: id })}
                  aria-current={layerId === id ? 'true' : undefined}
                >
                  <span>{id}</span> <span className="soft small">{shape.join(' × ')}</span>
                </Link>
              </li>
            ))}
            <li>
              <Link
                className="item"
                to={explainRoute({ ...at, layer: 'loss', unit: '#0' })}
                aria-current={layerId === 'loss' && !layer ? 'true' : undefined}
              >
                {t('explain.loss')}
              </Link>
            </li>
          </ul>
        </>
      }
      right={<PictureFacts run={run} opened={value} />}
    >
      <Trail {...place} label={value.label} />
      {layerId === undefined ? (
        <div className="stack wide">
          <Heatmaps asked={asked} opened={value} />
          <NetworkMaps asked={asked} at={at} opened={value} />
          <NearestPictures asked={asked} />
        </div>
      ) : layer && element === undefined ? (
        <LayerMaps key={layer.id} asked={asked} at={at} layer={layer} unit={unit} />
      ) : (
        <ValueArithmetic asked={asked} at={at} place={{ value: layerId, element: element ?? 0 }} />
      )}
    </Columns>
  );
}

/** Where one is, from the run to the value; each step is a link to itself, as Escape goes up. */
function Trail({
  run,
  data,
  picture,
  layer,
  unit,
  label,
}: ReturnType<typeof readPlace> & { readonly label?: string }): ReactNode {
  const { t } = useWords();
  if (run === undefined || data === undefined || picture === undefined) return null;
  const name = label ?? t('explain.yourPicture');
  return (
    <nav className="trail" aria-label={t('explain.trail')}>
      <Link to={{ view: 'train', path: [run] }}>{run}</Link>
      <Link to={explainRoute({ run, data, picture })}>{name}</Link>
      {layer !== undefined && <Link to={explainRoute({ run, data, picture, layer })}>{layer}</Link>}
      {unit !== undefined && layer !== undefined && (
        <Link to={explainRoute({ run, data, picture, layer, unit })}>{unit}</Link>
      )}
    </nav>
  );
}

function ChoosePicture(): ReactNode {
  const { t } = useWords();
  return (
    <Columns title={t('explain.title')}>
      <Empty
        title={t('explain.emptyTitle')}
        actions={
          <>
            <Link to={{ view: 'classify' }} className="button first large">
              {t('explain.fromClassify')}
            </Link>
            <Link to={{ view: 'test' }} className="button large">
              {t('explain.fromTest')}
            </Link>
          </>
        }
      >
        {t('explain.emptyText')}
      </Empty>
    </Columns>
  );
}
