/** A deliberate breakage, and the test that must turn red by it. */
export interface Mutation {
  /** What is wrong afterwards. */
  readonly what: string;
  /** From the root of the project. */
  readonly file: string;
  /** Occurs once in the file, and is replaced by `to`. */
  readonly from: string;
  readonly to: string;
  readonly test: { readonly file: string; readonly title: string };
  /** With which the simulation finds it too, knowing nothing of it. @default none is known */
  readonly seed?: number;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    what: 'A mark is written without its condition, so a second delivery has a second effect.',
    file: 'functions/runtime/consume/rows.ts',
    from: `ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,`,
    to: '',
    test: {
      file: 'test/runtime/consume.test.ts',
      title: 'a second delivery, under another message id, is acknowledged and changes nothing',
    },
    seed: 1,
  },
  {
    what: 'An aggregate is written whatever version it has by now.',
    file: 'functions/runtime/consume/rows.ts',
    from: '...(from === 0',
    to: '...(from >= 0 ? {} : from === 0',
    test: {
      file: 'test/runtime/consume.test.ts',
      title: 'another instance that is faster makes this one decide again',
    },
    seed: 11,
  },
  {
    what: 'A write that DynamoDB did not answer counts as done.',
    file: 'functions/runtime/consume/store.ts',
    from: `return commits.map(() => ({ kind: 'failed', fault: unavailable(name, error) }));`,
    to: `return commits.map(() => ({ kind: 'committed' }));`,
    test: {
      file: 'test/runtime/crash.test.ts',
      title: 'crash before each call to DynamoDB, then redelivery',
    },
    seed: 4,
  },
  {
    what: 'Records that failed are acknowledged with the others.',
    file: 'functions/runtime/consume.ts',
    from: 'batchItemFailures: back.map(({ record }) => ({ itemIdentifier: record.messageId }))',
    to: 'batchItemFailures: []',
    test: {
      file: 'test/runtime/retry.test.ts',
      title: 'later and later, with full jitter, and dead-lettered by the last attempt with its reason',
    },
    seed: 4,
  },
  {
    what: 'What can never succeed is tried as often as anything else.',
    file: 'functions/runtime/consume.ts',
    from: 'if (!(fault instanceof Permanent) && receives < maxReceives) return;',
    to: 'if (receives < maxReceives) return;',
    test: { file: 'test/runtime/poison.test.ts', title: 'B41 a body that is not JSON' },
    seed: 1,
  },
  {
    what: 'A record is acknowledged before its dead letter is written.',
    file: 'functions/runtime/consume.ts',
    from: `await deadLetter(arrival, fault, letters);
    arrival.outcome = { kind: 'dead-lettered', fault };`,
    to: `arrival.outcome = { kind: 'dead-lettered', fault };
    await deadLetter(arrival, fault, letters);`,
    test: {
      file: 'test/runtime/poison.test.ts',
      title: 'a dead letter that cannot be written is not acknowledged',
    },
    seed: 89,
  },
  {
    what: 'The relay deletes its rows before it has published them.',
    file: 'functions/runtime/relay/publish-rows.ts',
    from: 'const results = await publishEntries(',
    to: 'await outbox.remove(rows); const results = await publishEntries(',
    test: {
      file: 'test/runtime/relay.test.ts',
      title: 'a crash between sending and deleting sends again, under the same ids',
    },
    seed: 12,
  },
  {
    what: 'Entries that the bus refused count as accepted, because the call succeeded.',
    file: 'functions/runtime/publish/attempts.ts',
    from: `code === undefined ? { kind: 'accepted' }`,
    to: `code !== null ? { kind: 'accepted' }`,
    test: {
      file: 'test/runtime/publish.test.ts',
      title: 'tries again only what failed, whichever entries fail',
    },
  },
  {
    what: 'Messages may go round for ever.',
    file: 'functions/runtime/consume/arrival.ts',
    from: 'if (event.hops > MAX_HOPS)',
    to: 'if (event.hops < 0)',
    test: { file: 'test/runtime/poison.test.ts', title: 'an event that has gone round' },
  },
  {
    what: 'Reasons and logs repeat what looks like a secret.',
    file: 'functions/runtime/consume/redact.ts',
    from: `for (const secret of SECRETS) text = text.replace(secret, '…');`,
    to: 'void SECRETS;',
    test: { file: 'test/runtime/retry.test.ts', title: 'logs and reasons' },
  },
  {
    what: 'Synth does not see a function that any account may have invoked.',
    file: 'infra/checks/services-name-their-source.ts',
    from: 'isService(Principal) && !SourceArn',
    to: 'Principal === undefined && !SourceArn',
    test: {
      file: 'test/infra/checks/rules.test.ts',
      title: 'a function that is open to a service of any account',
    },
  },
];
