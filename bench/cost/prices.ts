/**
 * US dollars in us-east-1, on demand, beyond the free tier, without volume discounts. As of 2026-03-13; DynamoDB's have
 * been these since 2024-11-01. The pages named are the source.
 */
export const PRICES = {
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/ In a transaction a write uses two units per KB, otherwise one. */
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  /** https://aws.amazon.com/eventbridge/pricing/ Custom events, per 64 KB; delivery in the same account is free. */
  event: 1e-6,
  /** https://aws.amazon.com/lambda/pricing/ arm64. Reading a stream of DynamoDB for a function is free. */
  invocation: 0.2e-6,
  gigabyteSecond: 13.3334e-6,
  /** https://aws.amazon.com/sqs/pricing/ Standard queues, per 64 KB; what EventBridge and Lambda do is charged too. */
  queueRequest: 0.4e-6,
};

/** What functions cost depends on little but waiting: memory in GB, and how long one call of AWS takes, in seconds. */
export const FUNCTION = { memory: 0.5, call: 0.005 };
