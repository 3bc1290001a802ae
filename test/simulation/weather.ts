/** What goes wrong in a run. */
import type { Fault, FaultName } from '../../local/faults.ts';
import { seeded, type Random } from '../../local/random.ts';
import { one } from './workload.ts';

/** Slow tables, and some of all that may go wrong, each for a while within `ms`. */
export function weather(seed: number, ms: number): Fault[] {
  const random = seeded(seed);
  const faults = Array.from({ length: random.integer(1, 6) }, () => {
    const after = random.integer(0, ms / 2);
    return { after, lasts: random.integer(1, ms - after), ...one(MENU, random)(random) };
  });
  return [slow(random), ...faults];
}

type Item = (random: Random) => Fault;

const FUNCTIONS = '*:assumed-role/*';
const BUS = 'events.amazonaws.com';

/** Strikes a share of all calls. */
const share = (random: Random, most: number) => ({ probability: most * random.next() });

/** One service for one kind of caller. */
const somewhere = (random: Random) => ({
  service: one(['sqs', 'dynamodb', 'events', 'lambda'], random),
  caller: one([FUNCTIONS, BUS, '*:root'], random),
});

const calls =
  (fault: FaultName): Item =>
  (random) => ({ fault, ...somewhere(random), ...share(random, 0.5), by: `${random.integer(1, 20)}s` });

/** An operation is away for one kind of caller: what is said meanwhile still gets in. */
const outage =
  (service: string, operation: string, caller = FUNCTIONS): Item =>
  () => ({ fault: 'error', service, operation, caller, code: 'ServiceUnavailable', status: 503 });

/** Others can overtake between reading and writing: without that, conditions on writes are never put to the test. */
const slow: Item = (random) => ({
  fault: 'delay',
  service: 'dynamodb',
  caller: FUNCTIONS,
  ...share(random, 1),
  by: '2s',
});

const MENU: Item[] = [
  calls('error'),
  calls('throttle'),
  calls('lost'),
  calls('delay'),
  calls('partial'),
  (random) => ({
    fault: 'lost',
    service: 'dynamodb',
    operation: 'TransactWriteItems',
    ...share(random, 0.7),
  }),
  (random) => ({ fault: 'lost', service: 'events', operation: 'PutEvents', ...share(random, 0.7) }),
  (random) => ({ fault: 'duplicate', ...share(random, 0.5) }),
  (random) => ({ fault: 'reorder', ...share(random, 0.5), by: `${random.integer(1, 120)}s` }),
  (random) => ({ fault: 'crash', ...share(random, 0.4) }),
  (random) => ({ fault: 'freeze', ...share(random, 0.3), by: `${random.integer(1, 90)}s` }),
  (random) => ({ fault: 'skew', ...share(random, 0.5), by: `${random.integer(1, 120)}s` }),
  (random) => ({ fault: 'throttle', service: 'lambda', operation: 'Invoke', ...share(random, 1) }),
  outage('dynamodb', 'GetRecords'),
  outage('dynamodb', 'TransactWriteItems'),
  outage('events', 'PutEvents'),
  outage('sqs', 'DeleteMessageBatch'),
  outage('sqs', 'SendMessage*'),
  outage('sqs', 'SendMessage*', BUS),
];
