import { Duration, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { shopfront } from '../shopfront/index.ts';

const impatient = () => {
  const { stack, pipeline } = shopfront();
  const queue = pipeline.consumers[1]!.queue!;
  (queue.node.defaultChild as CfnQueue).visibilityTimeout = Duration.seconds(60).toSeconds();
  return { stack, queue };
};

it('a finding fails the synth with the value, the limit and the fix', () => {
  const { stack } = impatient();
  expect(() => Template.fromStack(stack)).toThrow(
    /it is 60 s, and \w+ needs at least 6 × 20 s \+ 5 s = 125 s[^]*Suggested fix: Raise it to 125 s[^]*visibility-covers-retries/,
  );
});

it('a finding that is acknowledged with a reason does not', () => {
  const { stack, queue } = impatient();
  Validations.of(queue).acknowledge({
    id: 'Spillway::visibility-covers-retries',
    reason: 'The function never takes longer than a second.',
  });
  expect(() => Template.fromStack(stack)).not.toThrow();
});
