import { PostToLedger } from '../contracts/ledger.ts';
import { consume } from '../runtime/consume.ts';
import { decide } from './decide.ts';

export const handler = consume([PostToLedger], { key: ({ data }) => data.customerId, decide });
