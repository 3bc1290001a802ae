import { FUNCTION, PRICES } from './prices.ts';

/** What handling some events took. */
export interface Usage {
  /** Of AWS, by the functions. */
  calls: number;
  writeUnits: number;
  readUnits: number;
  /** Put on the bus. */
  events: number;
  invocations: number;
  /** Calls that wait for each other, in all invocations together. */
  waits: number;
  byOperation: Record<string, number>;
}

export const nothing = (): Usage => ({
  calls: 0,
  writeUnits: 0,
  readUnits: 0,
  events: 0,
  invocations: 0,
  waits: 0,
  byOperation: {},
});

/** Dollars for `usage`, of which `received` events came from a queue in batches of `size`. */
export const money = (
  { writeUnits, readUnits, events, invocations, waits }: Usage,
  received: number,
  size: number,
): number =>
  writeUnits * PRICES.writeUnit +
  readUnits * PRICES.readUnit +
  events * PRICES.event +
  invocations * PRICES.invocation +
  waits * FUNCTION.call * FUNCTION.memory * PRICES.gigabyteSecond +
  (received + (2 * received) / size) * PRICES.queueRequest;

type Capacity = { CapacityUnits?: number; TableName?: string };

/** `client`, with what its calls use added to `usage`. Anything that DynamoDB was asked only to read is read units. */
export function metered<Client extends { send: unknown }>(client: Client, usage: Usage): Client {
  const send = (client.send as (command: object) => Promise<object>).bind(client);
  const meter = async (command: { input: Record<string, unknown> }) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    usage.calls++;
    usage.byOperation[operation] = (usage.byOperation[operation] ?? 0) + 1;
    if (operation === 'PutEvents') usage.events += (command.input.Entries as unknown[]).length;
    else if (!operation.startsWith('Describe')) command.input.ReturnConsumedCapacity = 'TOTAL';
    const output = (await send(command)) as { ConsumedCapacity?: Capacity | Capacity[] };
    const units = [output.ConsumedCapacity ?? []]
      .flat()
      .reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    usage[/Get|Query/.test(operation) ? 'readUnits' : 'writeUnits'] += units;
    return output;
  };
  return Object.assign(Object.create(client as object), { send: meter }) as Client;
}
