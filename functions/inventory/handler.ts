import { OrderPlaced } from '../contracts/checkout.ts';
import { OrderCancelled } from '../contracts/shipping.ts';
import { consume } from '../runtime/consume.ts';
import { decide, productsOf } from './decide.ts';

export const handler = consume([OrderPlaced, OrderCancelled], { key: productsOf, decide });
