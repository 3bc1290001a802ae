/**
 * Protocols of clients whose requests hold texts, numbers and booleans only, which JSON carries as they are. The SDK's own
 * write every request member by member after its schema, and texts a character at a time: a tenth of a function's work.
 * What schemas would fill in (idempotency tokens) is to be given; what needs them (bytes, times) is not for these clients.
 */
import { Buffer } from 'node:buffer';
import { AwsJson1_0Protocol, AwsJson1_1Protocol } from '@aws-sdk/core/protocols';

/** For DynamoDB and SQS. */
export class PlainJson10 extends AwsJson1_0Protocol {
  protected override serializer = plainJson();
}

/** For EventBridge. */
export class PlainJson11 extends AwsJson1_1Protocol {
  protected override serializer = plainJson();
}

/** One for each protocol: a request is flushed as soon as it is written. */
function plainJson() {
  let written: unknown;
  return {
    write: (_schema: unknown, value: unknown) => void (written = value),
    flush: () => Buffer.from(JSON.stringify(written)),
    setSerdeContext() {},
  };
}
