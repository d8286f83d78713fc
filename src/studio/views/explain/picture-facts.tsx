import type { ReactNode } from 'react';
import { ShareBars } from '../../charts/share-bars.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { RgbPicture } from '../../parts/rgb-picture.tsx';
import { Term } from '../../parts/term.tsx';
import { useWords } from '../../words/use-words.tsx';
import type { Opened } from './asked.ts';

const most = 10;

/** The picture as the network sees it, and what it says of it. */
export function PictureFacts({ run, opened }: { readonly run: string; readonly opened: Opened }): ReactNode {
  const { t, numbers } = useWords();
  const { pixels, probabilities, classNames, predicted, label } = opened;
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
  return (
    <>
      <section>
        <h2>
          <Glossed text={t('classify.seen')} />
        </h2>
        <RgbPicture {...pixels} pixels={pixels.data} side={168} label={t('classify.seen')} />
        <p className="small soft spaced">
          {t('data.pixels', { width: numbers.count(pixels.width), height: numbers.count(pixels.height) })}
        </p>
      </section>
      <section>
        <h2>
          <Glossed text={t('test.said')} />
        </h2>
        {label !== undefined && (
          <p className={label === classNames[predicted] ? 'soft' : 'wrong'}>
            {label === classNames[predicted]
              ? t('explain.right', { label })
              : t('explain.wrong', { label, predicted: classNames[predicted] })}
          </p>
        )}
        <ShareBars
          label={t('classify.probabilities')}
          heads={[t('data.class'), t('classify.probability')]}
          bars={order.slice(0, most).map((i) => ({
            name: classNames[i],
            share: probabilities[i],
            text: numbers.percent(probabilities[i]),
            top: i === predicted,
          }))}
        />
        <p className="small soft spaced">
          <Term name="probability" /> · <Term name="logit" /> · <Term name="softmax" />
        </p>
      </section>
      <section>
        <h2>
          <Glossed text={t('explain.model')} />
        </h2>
        <p className="break">{run}</p>
        {opened.origin !== undefined && <p className="small soft break">{opened.origin}</p>}
      </section>
    </>
  );
}
