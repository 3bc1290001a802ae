import { Duration, NestedStack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { Pipeline } from '../../../infra/pipeline/index.ts';
import { OrderPlaced } from '../shopfront/contracts.ts';
import { root, shopfront, stackFor } from '../shopfront/index.ts';

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

it('a nested stack is held against the checks too', () => {
  const nested = (visibility: number) => () => {
    const host = stackFor('host');
    const pipeline = new Pipeline(new NestedStack(host, 'Nested'), 'Shop', { stage: 'dev', root });
    const { queue } = pipeline.consumer('audit', { on: [OrderPlaced] });
    (queue!.node.defaultChild as CfnQueue).visibilityTimeout = visibility;
    Template.fromStack(host);
  };
  expect(nested(180)).not.toThrow();
  expect(nested(60)).toThrow(/host\/Nested\/Shop\/Audit[^]*visibility-covers-retries/);
});
