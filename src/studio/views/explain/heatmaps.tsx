import type { ReactNode } from 'react';
import { useAnswer } from '../../client/use-client.tsx';
import { Choices } from '../../controls/choices.tsx';
import { SelectField } from '../../controls/select-field.tsx';
import { PanelPicture } from '../../parts/panel-picture.tsx';
import { Term } from '../../parts/term.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useQuery } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Asked, Opened } from './asked.ts';

const side = 224;

/** Where in the picture the answer comes from, by one of the methods that explain a class of one picture. */
export function Heatmaps({ asked, opened }: { readonly asked: Asked; readonly opened: Opened }): ReactNode {
  const { t } = useWords();
  const known = opened.methods.filter(
    ({ needs, takes }) => needs.picture === true && !needs.unit && !needs.data && takes.includes('target'),
  );
  const [chosen, choose] = useQuery('why', known[0]?.name ?? '');
  const [of, chooseClass] = useQuery('class', opened.classNames[opened.predicted]);
  const method = known.find(({ name }) => name === chosen) ?? known[0];
  const { value, error, pending } = useAnswer(
    'explain.ask',
    method && { ...asked, method: method.name, class: opened.classNames.includes(of) ? of : undefined },
  );
  if (!method) return null;
  return (
    <section>
      <h2>
        <Term name="heatmap">{t('explain.where')}</Term>
      </h2>
      <div className="spaced">
        <Choices
          label={t('explain.method')}
          value={method.name}
          choices={known.map(({ name, title }) => ({ value: name, label: title }))}
          onChange={choose}
        />
      </div>
      <div className="heatmaps spaced">
        <div className={pending ? 'panels pending' : 'panels'} style={{ minHeight: side + 24 }}>
          {value?.panels.map((panel) => (
            <figure key={panel.title}>
              <PanelPicture panel={panel} side={side} />
              <figcaption className="small soft">{panel.title}</figcaption>
            </figure>
          ))}
        </div>
        <div className="prose">
          <SelectField
            label={t('explain.class')}
            value={of}
            choices={opened.classNames.map((name) => ({ value: name, label: name }))}
            onChange={chooseClass}
          />
          {error && <Trouble message={error.message} mend={error.mend} />}
          <p className="spaced">{value?.words.join(' ')}</p>
          <p className="small soft spaced">{method.shows}</p>
          <p className="small soft">{method.limits}</p>
          <p className="small soft">{method.source}</p>
        </div>
      </div>
    </section>
  );
}
