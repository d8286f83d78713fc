/** `92.5 %`: a share as people say it. */
export const percent = (share: number, decimals = 1): string => `${(100 * share).toFixed(decimals)} %`;

/** `88.1 to 95.0 %`: a range of shares. */
export const percentRange = ([low, high]: readonly [number, number], decimals = 1): string =>
  `${(100 * low).toFixed(decimals)} to ${percent(high, decimals)}`;
