import type { ReactNode } from 'react';

export interface ShareBar {
  readonly name: string;
  /** 0 … 1 of the bar's whole length. */
  readonly share: number;
  readonly text: string;
  readonly ink?: string;
  readonly top?: boolean;
}

interface ShareBarsProps {
  readonly bars: readonly ShareBar[];
  readonly label: string;
  /** Headings, read out: of the names and of the values. */
  readonly heads: readonly [name: string, value: string];
}

/** Values of a few names as a table with bars: classes and their pictures, classes and their probabilities. */
export const ShareBars = ({ bars, label, heads }: ShareBarsProps): ReactNode => (
  <table className="bars" aria-label={label}>
    <thead className="heard">
      <tr>
        <th scope="col">{heads[0]}</th>
        <th scope="col">{heads[1]}</th>
        <td />
      </tr>
    </thead>
    <tbody>
      {bars.map(({ name, share, text, ink, top }) => (
        <tr key={name} className={top ? 'top' : undefined}>
          <th scope="row" title={name}>
            {name}
          </th>
          <td className="number">{text}</td>
          <td className="bar">
            <i style={{ width: `${share * 100}%`, ...(ink ? { background: ink } : {}) }} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
