import { ingest } from '../../../../../functions/runtime/ingest.ts';
import { PaymentCaptured, PlaceOrder } from '../../contracts.ts';

export const handler = ingest([PlaceOrder, PaymentCaptured]);
