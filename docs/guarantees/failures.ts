import type { Guarantees } from './guarantee.ts';

/** The ways in which events get lost, doubled, stuck or seen by the wrong people between a producer and an effect. */
export const FAILURES: Guarantees = {
  F01: {
    means: 'PutEvents answers 200 although entries failed; only those are sent again, the rest is not.',
  },
  F02: {
    means:
      'An answer is lost after the bus took the event: the id stays the same, and the outcome is called indeterminate.',
  },
  F03: {
    means:
      'Errors worth another try and errors that never heal are told apart by a table; an unknown one is tried within a budget.',
  },
  F04: {
    means: 'Batches are packed by count and by UTF-8 bytes, so one large event does not fail nine others.',
  },
  F05: { means: 'A caller is told “accepted” before the write is durable.' },
  F06: { means: 'A row is written and its event is not, or the other way round.' },
  F07: { means: 'The relay stands still, or crashes between sending and deleting.' },
  F08: { means: 'A client repeats a request whose answer it never saw.' },
  F09: { means: 'A webhook is replayed, late, or signed by a clock that is wrong.' },
  F10: { means: 'The size limits of AWS and our own below them hold at the byte.' },
  F11: { means: 'Nobody listens to an event: it is kept and raises an alarm, and synth says so beforehand.' },
  F12: { means: 'EventBridge gives up on a target: the event is in a dead-letter queue.' },
  F13: {
    means: 'A queue does not let the rule in: synth sees it, and delivery fails at once with the reason.',
  },
  F14: { means: 'A queue under the AWS managed key, which no service may use.' },
  F15: { means: 'The dead-letter queue of a rule cannot be reached either: that is counted and alarmed.' },
  F16: { means: 'The key of a bus is disabled: a bus with a key of its own has a dead-letter queue.' },
  F17: { means: 'A queue trusts EventBridge of every account.' },
  F18: { means: 'EventBridge delivers one event twice, as two messages.' },
  F19: { means: 'A transformation between rule and queue loses the id or makes broken JSON.' },
  F20: { means: 'A rule changes while events flow: the archive still has them.' },
  F21: { means: 'Consumers keep each other busy in a circle.' },
  F22: { means: 'Events arrive in another order than they happened.' },
  F23: {
    means: 'The second-generation event bus has other retries and another form of dead letter.',
    cannot:
      'Pipelines deploy the classic bus, `AWS::Events::EventBus`, and nothing else; a template with `AWS::EventsV2` is refused by the embedded AWS.',
  },
  F24: { means: 'SQS hands out a message again that was deleted.' },
  F25: { means: 'A message becomes visible again while it is still being handled.' },
  F26: { means: 'Throttled invocations use up the receives of healthy messages.' },
  F27: { means: 'One bad record takes its batch along.' },
  F28: { means: 'Failed records are reported but the mapping does not listen, so they are deleted.' },
  F29: { means: 'An answer of the wrong form acknowledges everything, or nothing.' },
  F30: { means: 'A swallowed exception counts as success.' },
  F31: { means: 'A message that can never be handled is tried again and again.' },
  F32: { means: 'A filter on a queue mapping deletes what it does not let through.' },
  F33: {
    means: 'Messages expire in a backlog: they are kept for two weeks, and age is alarmed long before.',
  },
  F34: { means: 'A dead letter expires early, because its age counts from the first send.' },
  F35: { means: 'A dead letter does not say why it died.' },
  F36: { means: 'Redrive gives a message another id: identity is in the body.' },
  F37: { means: 'Redrive by SQS does not work for the dead letters of a rule.' },
  F38: { means: 'Redrive without a repair makes the same dead letters again, in a storm.' },
  F39: { means: 'Redrive dies half-way: a letter is lost or doubled.' },
  F40: { means: 'A batch takes longer than the function may run.' },
  F41: { means: 'A standard queue has 120,000 messages in flight, and gives out no more.' },
  F42: { means: 'A noisy tenant makes the others wait.' },
  F43: { means: 'Two instances handle one aggregate at once.' },
  F44: { means: 'A claim is taken, the instance dies, and the retry believes the work was done.' },
  F45: { means: 'A frozen invocation wakes late and writes over its successor.' },
  F46: { means: 'The effect is done and its record is not.' },
  F47: { means: 'A message without an id is handled unprotected.' },
  F48: {
    means: 'A lock lasts longer than the invocation, because nobody told it when that ends.',
    cannot:
      'There is no lock: mark, state and outbox are one conditional transaction, and the deadline is read from the context that Lambda passes with every invocation.',
  },
  F49: { means: 'What was handled is forgotten while a copy can still arrive.' },
  F50: { means: 'An effect outside cannot join the transaction, and its answer is lost.' },
  F51: { means: 'One id comes with two payloads.' },
  F52: { means: 'A transaction is repeated after the ten minutes for which DynamoDB remembers its token.' },
  F53: { means: 'A replay is unordered, late, and reaches every rule of the bus.' },
  F54: { means: 'Retries of several layers multiply.' },
  F55: { means: 'An outage of a dependency moves the backlog into the dead-letter queue.' },
  F56: { means: 'An alarm watches a metric that does not exist.' },
  F57: { means: 'Logs, metrics or reasons give away what is secret or personal.' },
  F58: { means: 'The embedded AWS is kinder than AWS.' },
  F59: { means: 'A change of the stack deletes a table, a queue or an archive with what is in it.' },
};
