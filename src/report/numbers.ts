/** Numbers as a person reads them; the same in every locale. */

/** `60,000`. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 picture`, `2 pictures`, `3 classes`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A share as `98.12 %`. */
export const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`;

/** A loss with four significant figures or four decimals, whichever is shorter: `0.0312`, `2.3026`, `152.1`. */
export function loss(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toPrecision(4) : value.toFixed(4);
}

/** A learning rate without trailing zeros: `0.001`, `3.2e-5`. */
export const rate = (value: number): string => String(Number(value.toPrecision(3)));

/** Seconds as `8.2 s`, `42 s`, `3:07 min`, `1:02:07 h`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)} h`;
}

/** Bytes as `512 B`, `3.4 kB`, `12 MB` (powers of 1,000). */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let scaled = value;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 || scaled >= 9.95 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit]}`;
}

/** Multiply-adds as `4.2 M`. */
export function amount(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let unit = 0;
  let scaled = value;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 || scaled >= 99.5 ? Math.round(scaled) : scaled.toFixed(1)}${units[unit]}`;
}
