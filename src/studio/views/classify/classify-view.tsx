import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { useBench } from '../../bench/bench.tsx';
import { ShareBars } from '../../charts/share-bars.tsx';
import { useAnswer, useClient, useDoing } from '../../client/use-client.tsx';
import { Choices } from '../../controls/choices.tsx';
import { DrawingPad } from '../../controls/drawing-pad.tsx';
import { Field } from '../../controls/field.tsx';
import { Columns } from '../../frame/columns.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { ExplainButton } from '../../parts/explain-button.tsx';
import { NothingTrained } from '../../parts/nothing-trained.tsx';
import { RgbPicture } from '../../parts/rgb-picture.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { TakeModel } from '../../parts/take-model.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { goTo, useQuery, useRoute } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { Webcam } from './webcam.tsx';

const ways = ['draw', 'file', 'webcam'] as const;
type Way = (typeof ways)[number];
interface NamedPicture {
  readonly name: string;
  readonly blob: Blob;
}
type Answer = ResultOf<'classify.pictures'>['pictures'][number];

/** New pictures, drawn, dropped, pasted or filmed, and what the model says of them. */
export default function ClassifyView(): ReactNode {
  const { t, numbers } = useWords();
  const { bench, put } = useBench();
  const { path } = useRoute();
  const client = useClient();
  const doing = useDoing();
  const list = useAnswer('run.list', {});
  const trained = list.value?.runs.filter(({ best }) => best !== undefined) ?? [];
  const run = path[0] ?? (trained.some((one) => one.run === bench.run) ? bench.run : trained[0]?.run);
  // Who trained on photographs has files of them; drawing is for small grey pictures such as digits.
  const usualWay = trained.find((one) => one.run === run)?.input?.[2] === 3 ? 'file' : 'draw';
  const [way, setWay] = useQuery<Way>('by', usualWay, ways);
  const [answer, setAnswer] = useState<Answer>();
  const [batch, setBatch] = useState<readonly { readonly name: string; readonly answer: Answer }[]>([]);
  const [url, setUrl] = useState<string>();
  const turn = useRef(0);
  /** What was given last: another model is asked about the same. */
  const given = useRef<{ readonly by: Way; readonly pictures: readonly NamedPicture[] }>(undefined);
  const shownWay = useRef(way);

  const classify = useCallback(
    (by: Way, pictures: readonly NamedPicture[]): void => {
      if (run === undefined || pictures.length === 0) return;
      const mine = ++turn.current;
      given.current = { by, pictures };
      void doing.run(async () => {
        const all: { name: string; answer: Answer }[] = [];
        for (let i = 0; i < pictures.length; i += 32) {
          const some = pictures.slice(i, i + 32);
          const bytes = await Promise.all(
            some.map(async ({ name, blob }) => ({ name, bytes: new Uint8Array(await blob.arrayBuffer()) })),
          );
          const told = await client.ask('classify.pictures', { run, pictures: bytes, top: 10, seen: true });
          if (mine !== turn.current) return;
          told.pictures.forEach((one, j) => {
            all.push({ name: some[j].name, answer: one });
          });
          setAnswer(all[0].answer);
          setBatch(all.length > 1 ? [...all] : []);
        }
      });
    },
    [client, doing.run, run],
  );
  const takeFiles = useCallback(
    (files: Iterable<File>): void => {
      const pictures = [...files].map((file) => ({ name: file.name, blob: file as Blob }));
      if (pictures[0]) setUrl(URL.createObjectURL(pictures[0].blob));
      classify('file', pictures);
    },
    [classify],
  );
  const forget = useCallback((): void => {
    turn.current++;
    setAnswer(undefined);
    setBatch([]);
  }, []);
  // An answer of another model, or of a picture that is shown no more, would stand beside what it does not belong to.
  useEffect(() => {
    forget();
    const last = given.current;
    // Files stay when another way is looked at; a drawing does not.
    if (last?.by === way && (way === 'file' || shownWay.current === way)) classify(way, last.pictures);
    shownWay.current = way;
  }, [forget, classify, way]);
  useEffect(() => () => (url === undefined ? undefined : URL.revokeObjectURL(url)), [url]);
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      if (event.clipboardData && event.clipboardData.files.length > 0) {
        setWay('file');
        takeFiles(event.clipboardData.files);
      }
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, [takeFiles, setWay]);

  if (list.value && trained.length === 0) {
    return (
      <NothingTrained title={t('thread.classify')} missing={t('classify.emptyTitle')}>
        {t('classify.emptyText')}
      </NothingTrained>
    );
  }
  return (
    <Columns
      title={t('thread.classify')}
      leftLabel={t('classify.model')}
      left={
        <>
          <Field label={t('classify.model')}>
            {({ id }) => (
              <select
                id={id}
                value={run ?? ''}
                onChange={(event) => {
                  put({ run: event.target.value });
                  goTo({ view: 'classify', path: [event.target.value], query: way === usualWay ? {} : { by: way } });
                }}
              >
                {trained.map((one) => (
                  <option key={one.run} value={one.run}>
                    {one.run}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <p className="small soft spaced">{t('classify.hint')}</p>
          {run !== undefined && (
            <div className="spaced">
              <TakeModel run={run} />
            </div>
          )}
        </>
      }
      right={
        <section>
          <h2>
            <Glossed text={t('classify.seen')} />
          </h2>
          {answer && 'seen' in answer && answer.seen ? (
            <>
              <RgbPicture {...answer.seen} pixels={answer.seen.data} side={168} label={t('classify.seen')} />
              {run !== undefined && <ExplainButton run={run} picture={answer.seen} />}
              <p className="small soft spaced">
                {t('classify.seenText', {
                  width: numbers.count(answer.seen.width),
                  height: numbers.count(answer.seen.height),
                })}
              </p>
            </>
          ) : (
            <p className="soft">{t('classify.seenEmpty')}</p>
          )}
        </section>
      }
    >
      <div className="head">
        <h1>{t('classify.title')}</h1>
        <Choices
          label={t('classify.by')}
          value={way}
          choices={ways.map((value) => ({ value, label: t(`classify.by.${value}`) }))}
          onChange={setWay}
        />
      </div>
      {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
      {answer && 'error' in answer && <Trouble message={answer.error} />}
      <div className="classify">
        <div>
          {way === 'draw' && (
            <DrawingPad
              onDraw={(blob) => classify('draw', [{ name: 'drawing.png', blob }])}
              onClear={() => {
                given.current = undefined;
                forget();
              }}
            />
          )}
          {way === 'file' && <FilePlace url={url} onFiles={takeFiles} />}
          {way === 'webcam' && <Webcam onFrame={(blob) => classify('webcam', [{ name: 'webcam.png', blob }])} />}
        </div>
        <div className="answer" role="status" aria-live="polite">
          {answer && 'top' in answer ? (
            <>
              <p className="figure">{answer.top[0]?.class}</p>
              <p className="soft">
                {answer.top[0] && t('classify.sure', { share: numbers.percent(answer.top[0].probability) })}
              </p>
              <ShareBars
                label={t('classify.probabilities')}
                heads={[t('data.class'), t('classify.probability')]}
                bars={answer.top.map(({ class: name, probability }, i) => ({
                  name,
                  share: probability,
                  text: numbers.percent(probability),
                  top: i === 0,
                }))}
              />
            </>
          ) : (
            <p className="soft">{doing.busy ? t('classify.working') : t('classify.waiting')}</p>
          )}
        </div>
      </div>
      {batch.length > 0 && <BatchTable batch={batch} />}
    </Columns>
  );
}

function FilePlace({
  url,
  onFiles,
}: {
  readonly url: string | undefined;
  onFiles(files: Iterable<File>): void;
}): ReactNode {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button does the same.
    <div
      className={over ? 'file-place over' : 'file-place'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles(event.dataTransfer.files);
      }}
    >
      {url ? <img src={url} alt={t('classify.yours')} /> : <p className="soft">{t('classify.drop')}</p>}
      <button type="button" className="button" onClick={() => input.current?.click()}>
        {t('classify.choose')}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        onChange={(event) => event.target.files && onFiles(event.target.files)}
      />
    </div>
  );
}

/** Several pictures at once: a line each, and all of it as a file. */
function BatchTable({
  batch,
}: {
  readonly batch: readonly { readonly name: string; readonly answer: Answer }[];
}): ReactNode {
  const { t, numbers } = useWords();
  const save = (): void => {
    const quoted = (text: string): string => `"${text.replaceAll('"', '""').replace(/^[=+\-@\t\r]/, "'$&")}"`;
    const lines = batch.map(({ name, answer }) =>
      ('top' in answer
        ? [quoted(name), quoted(answer.top[0].class), String(answer.top[0].probability)]
        : [quoted(name), '', '']
      ).join(','),
    );
    saveFile('classified.csv', `file,class,probability\n${lines.join('\n')}\n`, 'text/csv');
  };
  return (
    <section className="spaced">
      <div className="head">
        <h2>{t('classify.batch')}</h2>
        <button type="button" className="button" onClick={save}>
          {t('classify.csv')}
        </button>
      </div>
      <ScrollRegion label={t('classify.batch')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('data.file')}</th>
              <th scope="col">
                <Glossed text={t('data.class')} />
              </th>
              <th scope="col" className="number">
                {t('classify.probability')}
              </th>
            </tr>
          </thead>
          <tbody>
            {batch.map(({ name, answer }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name.
              <tr key={i}>
                <th scope="row" className="break">
                  {name}
                </th>
                <td>{'top' in answer ? answer.top[0].class : answer.error}</td>
                <td className="number">{'top' in answer ? numbers.percent(answer.top[0].probability) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}
