import type { OnnxNode } from '../../formats/onnx/messages.ts';
import type { Constant } from './constants.ts';
import { channelsOf, type Flow, type Value } from './flow.ts';
import { unsupported } from './graph.ts';

/** An input that depends on the picture. @throws FoveaError. */
export function flowOf(node: OnnxNode, value: Value | undefined): Flow {
  if (value?.kind === 'flow') return value;
  throw unsupported(node, 'an input that depends on the picture', value ? 'a constant' : 'none');
}

/** An input that does not. @throws FoveaError. */
export function tensorOf(node: OnnxNode, value: Value | undefined): Constant {
  if (value?.kind === 'constant') return value;
  throw unsupported(node, 'constant weights', value ? 'values that depend on the picture' : 'none');
}

/**
 * One number a channel, from a tensor that is spread over a flow; undefined where it differs within a channel.
 */
export function perChannel({ dims, data }: Constant, flow: Flow): number[] | undefined {
  const channels = channelsOf(flow);
  if (data.length === 1) return new Array<number>(channels).fill(data[0]);
  if (data.length !== channels) return undefined;
  // Axes after the channels', counted from the end: two in [n, c, h, w], none in [n, h, w, c] and [n, c].
  const behind = flow.axes === 'nchw' || flow.axes === 'nc11' ? 2 : 0;
  const at = dims.length - 1 - behind;
  return at >= 0 && dims[at] === channels ? Array.from(data) : undefined;
}
