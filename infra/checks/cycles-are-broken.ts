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

  const ending = new Set<DeclaredConsumer>(); // looked through: no way on from them comes back
  const search = (path: DeclaredConsumer[]): DeclaredConsumer[] | undefined => {
    const last = path.at(-1)!;
    for (const next of after(last)) {
      if (ending.has(next)) continue;
      const found = path.includes(next) ? path.slice(path.indexOf(next)) : search([...path, next]);
      if (found) return found;
    }
    ending.add(last);
    return undefined;
  };
  return open.map((one) => search([one])).find(Boolean) ?? [];
}
