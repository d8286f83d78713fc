import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { appendLoss } from './index.ts';

function logitsOf(classes: number) {
  const graph = new Graph();
  return { graph, logits: graph.source('input', 'x', { shape: [classes] }) };
}

describe('appendLoss', () => {
  it('appends the mean of the batch, or a number for each picture', () => {
    const mean = logitsOf(3);
    const appended = appendLoss(mean.graph, mean.logits);
    expect(appended.loss).toMatchObject({ name: 'loss', shape: [], batched: false });
    expect(appended.labels).toMatchObject({ role: 'input', shape: [], batched: true, type: 'int32' });
    expect(appended.fixedInputs).toEqual([]);
    const each = logitsOf(3);
    expect(appendLoss(each.graph, each.logits, undefined, 'none').loss).toMatchObject({ shape: [], batched: true });
  });

  it('passes options on', () => {
    const { graph, logits } = logitsOf(3);
    const spec = { type: 'softmaxCrossEntropy', labelSmoothing: 0.1, classWeights: [1, 2, 0] };
    const { loss, fixedInputs } = appendLoss(graph, logits, spec);
    expect(loss.node?.attributes).toMatchObject({ labelSmoothing: 0.1, reduction: 'mean' });
    expect(fixedInputs).toHaveLength(1);
    expect(fixedInputs[0].value).toBe(loss.node?.inputs[2]);
    expect([...fixedInputs[0].data]).toEqual([1, 2, 0]);
  });

  it.each([
    [{ type: 'crossentropy' }, "Expected a loss for the training but received 'crossentropy'"],
    [{ type: 'softmaxCrossEntropy', labelSmoothing: 2 }, "loss 'softmaxCrossEntropy', option 'labelSmoothing'"],
    [{ type: 'softmaxCrossEntropy', classWeights: [1, 2] }, 'Expected 3 numbers, one a class'],
    [{ type: 'softmaxCrossEntropy', classWeights: [0, 0, 0] }, 'Expected a weight above 0'],
    [{ type: 'softmaxCrossEntropy', smoothing: 0.1 }, "Did you mean 'labelSmoothing'?"],
  ])('refuses %j', (spec, message) => {
    const { graph, logits } = logitsOf(3);
    expect(() => appendLoss(graph, logits, spec)).toThrow(message);
  });
});
