import type { ReactNode } from 'react';
import type { Picture } from '../../core/image/picture.ts';
import { useClient, useDoing } from '../client/use-client.tsx';
import { goTo } from '../route/use-route.ts';
import { useWords } from '../words/use-words.tsx';
import { Trouble } from './trouble.tsx';

/** Takes a picture that no data have along to look into the network with it. */
export function ExplainButton({ run, picture }: { readonly run: string; readonly picture: Picture }): ReactNode {
  const { t } = useWords();
  const client = useClient();
  const doing = useDoing();
  const look = (): Promise<void> =>
    doing.run(async () => {
      const { width, height, channels, data: pixels } = picture;
      const { brought } = await client.ask('explain.bring', { picture: { width, height, channels, pixels } });
      goTo({ view: 'explain', path: [run, 'brought', brought], query: {} });
    });
  return (
    <>
      <button type="button" className="button spaced" disabled={doing.busy} onClick={() => void look()}>
        {t('explain.look')}
      </button>
      {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
    </>
  );
}
