import { type ReactNode, useState } from 'react';
import type { RequestOf, ResultOf } from '../../../core/workbench/studio/index.ts';
import { useAnswer } from '../../client/use-client.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Term } from '../../parts/term.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/use-words.tsx';
import { explainRoute } from './address.ts';
import type { Asked, At } from './asked.ts';

type Arithmetic = ResultOf<'explain.arithmetic'>;
type Step = Arithmetic['steps'][number];
type Operand = Step['rows'][number]['operands'][number];

interface ValueArithmeticProps {
  readonly asked: Asked;
  readonly at: At;
  readonly place: RequestOf<'explain.arithmetic'>['place'];
}

/** One number, and every number that it came of: what a pocket calculator can follow. Each leads on to its own. */
export function ValueArithmetic({ asked, at, place }: ValueArithmeticProps): ReactNode {
  const { t, numbers } = useWords();
  const { value, error, pending } = useAnswer('explain.arithmetic', { ...asked, place });
  if (error) return <Trouble message={error.message} mend={error.mend} />;
  if (!value) return <p className="quiet-wait">{pending ? t('explain.computing') : ''}</p>;
  return (
    <section className="arithmetic">
      <h2>
        <code>
          {value.value}[{value.index.join(', ')}]
        </code>{' '}
        = {numbers.exact(value.result)}
      </h2>
      <p className="soft">
        {value.op} · <code>{value.formula}</code>
      </p>
      {value.of && <p className="soft prose">{t(`explain.of.${value.of.what}`, { class: value.of.class })}</p>}
      {value.steps.length === 0 && <p className="spaced">{t('explain.given')}</p>}
      {value.steps.map((step, i) => (
        <StepTable
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are told apart by their number alone.
          key={`${value.value} ${value.element} ${i}`}
          step={step}
          number={i + 1}
          at={at}
          last={i === value.steps.length - 1}
        />
      ))}
      {value.steps.length > 0 && (
        <p className="prose spaced">
          {value.equal ? t('explain.equal') : t('explain.unequal', { replayed: numbers.exact(value.replayed) })}
          {value.inUse !== undefined &&
            value.inUse !== value.result &&
            ` ${t('explain.inUse', { value: numbers.exact(value.inUse) })}`}
        </p>
      )}
      <p className="row spaced">
        {value.next.map((one) => (
          <Link
            key={one.value}
            className="button"
            to={explainRoute({ ...at, layer: one.value, unit: `#${one.element}` })}
          >
            {t('explain.next', { value: one.value })}
          </Link>
        ))}
        {value.gradients.map((one) => (
          <Link
            key={one.value}
            className="button"
            to={explainRoute({ ...at, layer: one.value, unit: `#${one.element}` })}
          >
            {one.value.endsWith('.lossGradient') ? t('explain.lossGradient') : t('explain.gradient')}
          </Link>
        ))}
        {value.gradients.length > 0 && <Term name="gradient" />}
      </p>
    </section>
  );
}

const fewest = 27;

/** One operation: a row for each term. */
function StepTable({
  step,
  number,
  at,
  last,
}: {
  readonly step: Step;
  readonly number: number;
  readonly at: At;
  readonly last: boolean;
}): ReactNode {
  const { t, n, numbers } = useWords();
  const [all, setAll] = useState(false);
  const rows = all ? step.rows : step.rows.slice(0, fewest);
  const title = `${t('explain.step', { number: String(number) })}: ${t(`explain.op.${step.operation}`)}${step.function ? ` ${step.function}` : ''}`;
  return (
    <div className="spaced">
      <h3>
        {title}
        {step.name && <span className="soft"> → {step.name}</span>}
      </h3>
      {step.why && <p className="soft">{step.why}</p>}
      <ScrollRegion label={title}>
        <table className="terms">
          <thead className="heard">
            <tr>
              <th scope="col">{t('explain.factors')}</th>
              <th scope="col">{t('explain.value')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: terms have their order alone.
              <tr key={i}>
                <td className="factors">
                  {row.operands.map((operand, k) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: so have factors.
                    <span key={k}>
                      {k > 0 && ' × '}
                      <Factor operand={operand} at={at} />
                    </span>
                  ))}
                </td>
                <td className="number">
                  {row.operands.length > 1 ? '= ' : ''}
                  {row.operands.length > 1 && numbers.exact(row.number)}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{last ? t('explain.result') : t('explain.between')}</th>
              <td className="number">
                <b>{numbers.exact(step.result)}</b>
              </td>
            </tr>
          </tfoot>
        </table>
      </ScrollRegion>
      {!all && step.rows.length > fewest && (
        <button type="button" className="button plain" onClick={() => setAll(true)}>
          {n('explain.allTerms', step.rows.length)}
        </button>
      )}
    </div>
  );
}

/** A number with where it stands; it leads there. */
function Factor({ operand, at }: { readonly operand: Operand; readonly at: At }): ReactNode {
  const { t, numbers } = useWords();
  const { number, from, name, step } = operand;
  if (from) {
    return (
      <Link to={explainRoute({ ...at, layer: from.value, unit: `#${from.element}` })}>
        <span className="digits">{numbers.exact(number)}</span>{' '}
        <code className="soft">
          {from.value}[{from.index.join(', ')}]
        </code>
      </Link>
    );
  }
  const said = step === undefined ? name : t('explain.ofStep', { number: String(step + 1) });
  return (
    <>
      <span className="digits">{numbers.exact(number)}</span> {said && <span className="soft">({said})</span>}
    </>
  );
}
