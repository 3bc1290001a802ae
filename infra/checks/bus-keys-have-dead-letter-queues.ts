import type { Check } from './check.ts';

/**
 * When the key of a bus is disabled or deleted, events are not retried: they go to the dead-letter queue of the bus, if
 * it has one. F16. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export const busKeysHaveDeadLetterQueues: Check = {
  name: 'bus-keys-have-dead-letter-queues',
  proves: 'A bus with a key of its own has a dead-letter queue, and the key outlives the stack.',
  find: ({ template }) =>
    template.ofType('AWS::Events::EventBus').flatMap((bus) => {
      const { KmsKeyIdentifier, DeadLetterConfig } = bus.Properties;
      if (KmsKeyIdentifier === undefined) return [];
      const key = template.referred(KmsKeyIdentifier);
      const at = 'Properties.KmsKeyIdentifier';
      return [
        ...(DeadLetterConfig?.Arn
          ? []
          : [
              {
                resource: bus.id,
                at,
                problem:
                  'it has a key of its own and no dead-letter queue: if the key is disabled, every event is lost',
                fix: 'Give the bus a dead-letter queue, or leave the key to AWS.',
              },
            ]),
        ...(!key || key.DeletionPolicy === 'Retain'
          ? []
          : [
              {
                resource: key.id,
                at: 'DeletionPolicy',
                problem: `it is deleted with the stack, and ${bus.id} and its archive need it`,
                fix: 'Use RemovalPolicy.RETAIN for the key.',
              },
            ]),
      ];
    }),
};
