import { type ReactNode, useState } from 'react';
import { unitText } from '../../../core/explain/layers.ts';
import { useAnswer } from '../../client/use-client.tsx';
import { PanelPicture } from '../../parts/panel-picture.tsx';
import { Term } from '../../parts/term.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { goTo } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { explainRoute, readUnit, writeUnit } from './address.ts';
import type { Asked, At, Layer } from './asked.ts';
import { ChannelMap } from './channel-map.tsx';
import { Features } from './features.tsx';
import { ValueArithmetic } from './value-arithmetic.tsx';

const fewest = 32;
const most = 256;

interface LayerMapsProps {
  readonly asked: Asked;
  readonly at: At;
  readonly layer: Layer;
  /** `5`: a channel; `5@3,4` one value of it. */
  readonly unit: string | undefined;
}

/** What a layer answers to the picture, channel by channel; one channel large; one value of it, and how it came about. */
export function LayerMaps({ asked, at, layer, unit: text }: LayerMapsProps): ReactNode {
  const { t, n } = useWords();
  const { id, type, shape } = layer;
  const isMap = shape.length === 3;
  const channels = isMap ? shape[2] : 1;
  const [all, setAll] = useState(false);
  const unit = readUnit(text);
  const shown = Math.max(all ? most : fewest, (unit?.channel ?? 0) + 1);
  const { value, error } = useAnswer('explain.ask', {
    ...asked,
    method: 'feature-maps',
    layer: id,
    most: Math.min(most, channels, shown),
  });
  const chosen = isMap && unit ? value?.panels[unit.channel] : undefined;
  const isValue = unit !== undefined && (!isMap || unit.y !== undefined);
  const put = (next: string): void => goTo(explainRoute({ ...at, layer: id, unit: next }), { replace: isValue });
  return (
    <div className="stack wide">
      <section>
        <h1>{id}</h1>
        <p className="soft">
          {type} · {shape.join(' × ')}
          {isMap && (
            <>
              {' · '}
              <Term name="channel" /> · <Term name="feature-map" />
            </>
          )}
        </p>
        {error && <Trouble message={error.message} mend={error.mend} />}
        <p className="prose" style={{ minHeight: '3em' }}>
          {value?.words.join(' ')}
        </p>
        {isMap && (
          <ul className="channels spaced" aria-label={t('explain.channels')}>
            {value?.panels.map((panel, channel) => (
              <li key={panel.title}>
                <Link
                  to={explainRoute({ ...at, layer: id, unit: writeUnit({ ...unit, channel }) })}
                  aria-current={unit?.channel === channel ? 'true' : undefined}
                  aria-label={t('explain.channelOf', { channel: String(channel), layer: id })}
                >
                  <PanelPicture panel={panel} side={72} />
                  <span className="small">{channel}</span>
                </Link>
              </li>
            ))}
          </ul>
        )}
        {isMap && !all && channels > fewest && (
          <button type="button" className="button plain" onClick={() => setAll(true)}>
            {n('explain.allChannels', Math.min(most, channels))}
          </button>
        )}
        {!isMap && value?.panels[0]?.kind === 'values' && (
          <Features at={at} layer={id} asked={asked} values={value.panels[0].values} chosen={unit?.channel} />
        )}
      </section>
      {chosen?.kind === 'values' && unit && (
        <section>
          <h2>{t('explain.channel', { channel: String(unit.channel) })}</h2>
          <p className="soft prose">{t('explain.channelText')}</p>
          <div className="unit spaced">
            <ChannelMap panel={chosen} chosen={unit} onChoose={(y, x) => put(writeUnit({ ...unit, y, x }))} />
            {unit.y !== undefined && <Field asked={asked} unit={{ layer: id, ...unit }} />}
          </div>
        </section>
      )}
      {isValue && unit && <ValueArithmetic asked={asked} at={at} place={{ unit: { layer: id, ...unit } }} />}
    </div>
  );
}

/** What of the picture a unit can see, and which pixels it looks at. */
function Field({
  asked,
  unit,
}: {
  readonly asked: Asked;
  readonly unit: { readonly layer: string; readonly channel: number; readonly y?: number; readonly x?: number };
}): ReactNode {
  const { t } = useWords();
  const { value, error } = useAnswer('explain.ask', { ...asked, method: 'receptive-field', unit });
  return (
    <div>
      <h3>
        <Term name="receptive-field">{t('explain.field', { unit: unitText(unit) })}</Term>
      </h3>
      {error && <Trouble message={error.message} mend={error.mend} />}
      <div className="panels spaced" style={{ minHeight: 184 }}>
        {value?.panels.map((panel) => (
          <figure key={panel.title}>
            <PanelPicture panel={panel} side={160} />
            <figcaption className="small soft">{panel.title}</figcaption>
          </figure>
        ))}
      </div>
      <p className="small soft prose">{value?.words.join(' ')}</p>
    </div>
  );
}
