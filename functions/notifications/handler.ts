import { OrderPlaced } from '../contracts/checkout.ts';
import { usd } from '../contracts/money.ts';
import { numeric } from '../runtime/contract/where.ts';
import { consume } from '../runtime/consume.ts';
import { noticeOf } from './decide.ts';

/** A notice is a line in the log: to repeat it harms nobody. */
export const handler = consume([OrderPlaced.where({ total: numeric('>=', usd(500)) })], {
  stateless: true,
  decide: (_, event, { log }) => log(noticeOf(event)),
});
