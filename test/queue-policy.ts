/** The policy of a queue to which `service`, such as `events.amazonaws.com`, may send: whatever queue has it, unless it names one. */
export const openTo = (service: string, Resource = '*'): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sqs:SendMessage', Resource }],
  });
