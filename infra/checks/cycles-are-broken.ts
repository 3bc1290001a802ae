import type { Check, DeclaredConsumer } from './check.ts';

/**
 * Messages that go round never stop by themselves. Lambda notices loops through SQS, SNS and S3, not through
 * EventBridge. F21, B76. https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const cyclesAreBroken: Check = {
  name: 'cycles-are-broken',
  proves: 'Every cycle of messages has a consumer that says why it ends.',
  find: ({ pipelines }) =>
    pipelines.flatMap(({ consumers }) => {
      const cycle = unbrokenCycle(consumers);
      const [first] = cycle;
      if (!first) return [];
      return [
        {
          resource: first.function,
          at: 'Properties',
          problem: `messages go round: ${[...cycle, first].map(({ name }) => name).join(' → ')}`,
          fix: 'Cut the cycle, or say in `breaksCycle` of one of them why it ends.',
        },
      ];
    }),
};

/** A path of consumers that leads from one back to itself without passing one that breaks the cycle. */
function unbrokenCycle(consumers: readonly DeclaredConsumer[]): DeclaredConsumer[] {
  const open = consumers.filter(({ breaksCycle }) => !breaksCycle);
  const after = ({ publishes, sends }: DeclaredConsumer) =>
    open.filter(({ on }) => on.some((type) => publishes.includes(type) || sends.includes(type)));

  const search = (path: DeclaredConsumer[]): DeclaredConsumer[] | undefined => {
    for (const next of after(path.at(-1)!)) {
      const found = path.includes(next) ? path.slice(path.indexOf(next)) : search([...path, next]);
      if (found) return found;
    }
    return undefined;
  };
  return open.map((one) => search([one])).find(Boolean) ?? [];
}
