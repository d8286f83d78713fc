/** Numbers as people read them, in the language of the page. Nothing is computed here but the way to write it. */
export interface NumberWriter {
  /** 2,527 */
  count(value: number): string;
  /** 91.2 % of a share 0 … 1. */
  percent(share: number, digits?: number): string;
  /** 0.4132: losses, four decimals, so that columns stay in line. */
  loss(value: number): string;
  /** 272 k, 1.4 M: counts that nobody needs to the last digit. */
  short(value: number): string;
  /** 3.2 MB */
  bytes(value: number): string;
  /** 1 min 20 s */
  duration(seconds: number): string;
  /** 0.001, 3e-4 */
  rate(value: number): string;
  /** -0.1339465: as many digits as a float32 has. */
  exact(value: number): string;
  /** Date and time of a run. */
  date(iso: string): string;
}

export function numberWriter(language: string): NumberWriter {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const four = new Intl.NumberFormat(language, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
  const digits = new Intl.NumberFormat(language, { maximumSignificantDigits: 7, useGrouping: false });
  const compact = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const shares = [0, 1, 2].map(
    (digits) => new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const scaled = (value: number, base: number, units: readonly string[]): string => {
    const step = units.findLastIndex((_, i) => value >= base ** i);
    return `${compact.format(value / base ** Math.max(0, step))} ${units[Math.max(0, step)]}`.trimEnd();
  };
  return {
    count: (value) => whole.format(value),
    percent: (share, digits = 1) => `${shares[digits].format(share * 100)} %`,
    loss: (value) => (Number.isFinite(value) ? four.format(value) : '–'),
    short: (value) => scaled(value, 1000, ['', 'k', 'M', 'G', 'T']),
    bytes: (value) => scaled(value, 1024, ['B', 'kB', 'MB', 'GB', 'TB']),
    duration: (seconds) => durationText(seconds, whole),
    rate: (value) => (value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : compact.format(value)),
    exact: (value) => exactText(value, digits),
    date: (iso) => (Number.isNaN(Date.parse(iso)) ? iso : moment.format(new Date(iso))),
  };
}

function durationText(seconds: number, whole: Intl.NumberFormat): string {
  const all = Math.max(0, Math.round(seconds));
  if (all < 60) return `${whole.format(all)} s`;
  const minutes = Math.floor(all / 60);
  if (minutes < 60) return `${minutes} min ${all % 60} s`;
  return `${whole.format(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** What a calculator takes: no thousands, an exponent where zeros would hide the digits. */
function exactText(value: number, digits: Intl.NumberFormat): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(6).replace(/\.?0+e/, 'e');
  return digits.format(value).replace('-', '−');
}
