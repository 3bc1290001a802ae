import { PlaceOrder } from '../contracts/checkout.ts';
import { ingest } from '../runtime/ingest.ts';

export const handler = ingest([PlaceOrder]);
