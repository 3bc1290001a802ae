import { PlaceOrder } from '../contracts/checkout.ts';
import { consume } from '../runtime/consume.ts';
import { decide } from './decide.ts';

export const handler = consume([PlaceOrder], { key: ({ data }) => data.orderId, decide });
