import { type Dataset, pictureSize } from './dataset.ts';

/** Mean and standard deviation of each channel, with grey level 255 = 1. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  /** Of the population; 0 for a channel that is the same everywhere. */
  readonly std: readonly number[];
}

/**
 * Statistics over all pixels of all pictures. Sums are whole numbers below 2^53 (for up to 10^11 pixels), so they are
 * exact and no order of adding matters; only the last divisions round.
 */
export function channelStatistics(dataset: Dataset): ChannelStatistics {
  const { channels, pixels } = dataset;
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  for (let picture = 0; picture < pixels.count; picture++) {
    const bytes = pixels.at(picture);
    for (let c = 0; c < channels; c++) {
      const histogram = counts[c];
      for (let i = c; i < bytes.length; i += channels) histogram[bytes[i]]++;
    }
  }
  const perChannel = (dataset.count * pictureSize(dataset)) / channels;
  const mean: number[] = [];
  const std: number[] = [];
  for (const histogram of counts) {
    let sum = 0;
    for (let value = 0; value < 256; value++) sum += histogram[value] * value;
    const center = sum / perChannel;
    let squares = 0;
    for (let value = 0; value < 256; value++) squares += histogram[value] * (value - center) * (value - center);
    mean.push(center / 255);
    std.push(Math.sqrt(squares / perChannel) / 255);
  }
  return { mean, std };
}
