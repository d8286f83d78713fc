import { describe, expect, it } from 'vitest';
import { optimizers } from '../optimizers/index.ts';
import { schedules } from '../schedules/index.ts';
import { inSteps, parseNamed } from './named-text.ts';

describe('what a person types for a name with options', () => {
  it.each([
    ['sgd', { type: 'sgd' }],
    ['sgd:0.8', { type: 'sgd', momentum: 0.8 }],
    ['sgd:0.8:nesterov', { type: 'sgd', momentum: 0.8, nesterov: true }],
    ['sgd:nesterov=false:weightDecay=1e-4', { type: 'sgd', nesterov: false, weightDecay: 1e-4 }],
    ['muon:steps=3:scale=none:others=sgd', { type: 'muon', steps: 3, scale: 'none', others: 'sgd' }],
  ])('%s', (text, expected) => expect(parseNamed(optimizers, text, '--optimizer')).toEqual(expected));

  it.each([
    ['step:10', { type: 'step', size: 10 }, { type: 'step', size: 10 }],
    [
      'step:3ep:factor=0.5',
      { type: 'step', size: { epochs: 3 }, factor: 0.5 },
      { type: 'step', size: 60, factor: 0.5 },
    ],
    ['multiStep:100/200', { type: 'multiStep', milestones: [100, 200] }, { type: 'multiStep', milestones: [100, 200] }],
    ['oneCycle:shape=linear', { type: 'oneCycle', shape: 'linear' }, { type: 'oneCycle', shape: 'linear' }],
  ])('%s, in steps', (text, parsed, steps) => {
    const found = parseNamed(schedules, text, '--schedule');
    expect(found).toEqual(parsed);
    expect(inSteps(found, 20)).toEqual(steps);
  });

  it.each([
    ['adamm', "Did you mean 'adam'"],
    ['sgd:momentun=1', "Did you mean 'momentum'"],
    ['sgd:much', "'momentum' but received 'much'"],
    ['sgd:nesterov=perhaps', "'nesterov' but received 'perhaps'"],
    ['sgd:1:1:true:1:5', 'at most 4 values'],
    ['sgd:__proto__=1', 'an option that it has'],
    ['muon:others=adam', 'one of adamw, sgd'],
  ])('%s is refused', (text, message) => expect(() => parseNamed(optimizers, text, '--optimizer')).toThrow(message));
});
