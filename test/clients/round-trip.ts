/** What comes out of the round trip, in whatever language it is written. */
export const ROUND_TRIP = {
  standard: {
    received: ['one', 'two'],
    colour: ['blue'],
    successful: ['good'],
    failed: [['long', 'InvalidParameterValue', true]],
    left: '0',
    missing: 'AWS.SimpleQueueService.NonExistentQueue',
    unsendable: 'InvalidParameterValue',
  },
  fifo: { received: ['first', 'second', 'third'], ordered: true, groupless: 'MissingParameter' },
  table: {
    query: ['2', '10'],
    data: [0, 255],
    again: 'ConditionalCheckFailedException',
    cancelled: 'TransactionCanceledException',
    missing: 'ResourceNotFoundException',
  },
  event: {
    failed: [1, 'MalformedDetail'],
    id: true,
    envelope: ['shop', 'placed', { total: 12.5 }],
    missing: 'ResourceNotFoundException',
  },
  object: {
    body: 'bytes',
    metadata: { who: 'me' },
    presigned: 'bytes',
    put: 'by url',
    large: [9 * 2 ** 20, 'xxxx'],
    keys: ['a b/ü', 'large', 'put'],
    missing: 'NoSuchKey',
  },
  function: {
    payload: { echo: { a: 1 } },
    error: ['Unhandled', 'no'],
    missing: 'ResourceNotFoundException',
  },
};
