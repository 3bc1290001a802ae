import { dispatcher } from '../../../local/dispatch.ts';
import { startLocal } from '../../../local/index.ts';
import type { Call, Operation, ServiceModule } from '../../../local/service.ts';
import { clientOf, type ClientClass } from '../../../local/wire/in-process.ts';
import { wire } from '../../../local/wire/index.ts';

/** One operation of one service behind the real wire: what it was given, and what its clients see of what it answers. */
export async function behindWire(
  service: string,
  sdk: () => Promise<object>,
  operations: Record<string, Operation>,
  more: Partial<ServiceModule> = {},
) {
  const { world } = await startLocal({ policies: 'off' });
  const seen: { input: unknown; call: Call }[] = [];
  const recorded = Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [
      name,
      (input: unknown, call: Call) => {
        seen.push({ input, call });
        return run(input, call);
      },
    ]),
  );
  const answer = wire(
    world,
    dispatcher((name) => (name === service ? { operations: recorded } : undefined), []),
    { [service]: { sdk: [sdk], start: () => ({ operations: recorded }), ...more } },
  );
  return {
    world,
    seen,
    wire: answer,
    client: <Client>(Class: ClientClass<Client>, overrides?: object) =>
      clientOf({ ...world, wire: answer }, Class, overrides),
  };
}
