import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useAnswer } from '../../client/use-client.tsx';
import { PanelPicture } from '../../parts/panel-picture.tsx';
import { Term } from '../../parts/term.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/use-words.tsx';
import { explainRoute, writeUnit } from './address.ts';
import type { Asked, At, Layer, Opened } from './asked.ts';

/** Channels that a row shows of a layer. */
const most = 8;
const side = 72;

interface RowProps {
  readonly asked: Asked;
  readonly at: At;
  readonly layer: Layer;
}

/** All layers from the picture to the logits, a row each: what their channels answer to it. */
export function NetworkMaps({
  asked,
  at,
  opened,
}: {
  readonly asked: Asked;
  readonly at: At;
  readonly opened: Opened;
}): ReactNode {
  const { t } = useWords();
  return (
    <section>
      <h2>
        <Term name="feature-map">{t('explain.through')}</Term>
      </h2>
      <p className="soft prose">{t('explain.throughText')}</p>
      <ol className="network spaced">
        {opened.layers.map((layer) => (
          <LayerRow key={layer.id} asked={asked} at={at} layer={layer} />
        ))}
      </ol>
    </section>
  );
}

/** Asked for when it comes into sight: a deep network has a hundred of them. */
function LayerRow({ asked, at, layer }: RowProps): ReactNode {
  const { t, n } = useWords();
  const row = useRef<HTMLLIElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        setSeen(true);
        watch.disconnect();
      },
      { rootMargin: '200px' },
    );
    if (row.current) watch.observe(row.current);
    return () => watch.disconnect();
  }, []);
  const question = { ...asked, method: 'feature-maps', layer: layer.id, most };
  const { value } = useAnswer('explain.ask', seen ? question : undefined);
  const { shape } = layer;
  const channels = shape.length === 3 ? shape[2] : 1;
  return (
    <li ref={row}>
      <Link to={explainRoute({ ...at, layer: layer.id })} className="layer-name">
        <b>{layer.id}</b>
        <span className="small soft">
          {layer.type} · {shape.join(' × ')}
        </span>
      </Link>
      <div className={shape.length === 3 ? 'maps' : 'maps strip'} style={{ minHeight: shape.length === 3 ? side : 24 }}>
        {value?.panels.map((panel, channel) => (
          <Link
            key={panel.title}
            to={explainRoute({
              ...at,
              layer: layer.id,
              ...(shape.length === 3 ? { unit: writeUnit({ channel }) } : {}),
            })}
            aria-label={t('explain.channelOf', { channel: String(channel), layer: layer.id })}
          >
            <PanelPicture panel={panel} side={shape.length === 3 ? side : 640} />
          </Link>
        ))}
        {channels > most && (
          <Link className="small more" to={explainRoute({ ...at, layer: layer.id })}>
            {n('explain.more', channels - most)}
          </Link>
        )}
      </div>
    </li>
  );
}
