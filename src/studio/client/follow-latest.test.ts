import { describe, expect, it } from 'vitest';
import { followLatest } from './follow-latest.ts';

describe('following the latest question', () => {
  /** Questions that were asked, each answered when the test says so. */
  const setUp = () => {
    const asked: { question: number; answer(value: string): void; fail(error: Error): void }[] = [];
    const told: unknown[] = [];
    const follower = followLatest<number, string>(
      (question) =>
        new Promise((resolve, reject) => {
          asked.push({ question, answer: resolve, fail: reject });
        }),
      (answer) => told.push(answer),
    );
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
    return { asked, told, follower, settle };
  };

  it('asks the first and the last of those that came meanwhile, and tells both', async () => {
    const { asked, told, follower, settle } = setUp();
    for (const question of [1, 2, 3]) follower.want(question);
    expect(asked.map(({ question }) => question)).toEqual([1]);
    asked[0].answer('one');
    await settle();
    expect(asked.map(({ question }) => question)).toEqual([1, 3]);
    asked[1].answer('three');
    await settle();
    expect(told).toEqual([
      { value: 'one', isLatest: false },
      { value: 'three', isLatest: true },
    ]);
    follower.want(4);
    expect(asked).toHaveLength(3);
  });

  it('goes on after an error, and tells nothing once it is stopped', async () => {
    const { asked, told, follower, settle } = setUp();
    follower.want(1);
    follower.want(2);
    const error = new Error('no');
    asked[0].fail(error);
    await settle();
    expect(told).toEqual([{ error, isLatest: false }]);
    follower.stop();
    asked[1].answer('two');
    await settle();
    expect(told).toHaveLength(1);
  });
});
