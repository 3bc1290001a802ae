/** Messages as the shop sends them, for tests. */
import { OrderPlaced, PlaceOrder } from '../../functions/contracts/checkout.ts';
import { StockReserved, StockShort } from '../../functions/contracts/inventory.ts';
import { usd } from '../../functions/contracts/money.ts';
import { PaymentCaptured, PaymentDeclined, PaymentRefunded } from '../../functions/contracts/payments.ts';

export const orderId = 'CA-1';
export const customerId = 'CG-1';
export const acceptedAt = '2030-01-01T00:00:00.000Z';
const total = usd('19.98');

export const line = {
  productId: 'FUR-1',
  name: 'Chair',
  quantity: 2,
  unitPrice: usd('9.99'),
  discount: 0,
  amount: total,
};
export const order = { orderId, customerId, placedOn: '2016-11-08', lines: [line], total };
export const lines = [{ productId: 'FUR-1', quantity: 2 }];
const payment = { orderId, customerId, amount: total, acceptedAt };

export const placeOrder = (changes: Partial<typeof order> = {}) =>
  PlaceOrder({ ...order, ...changes }, { time: acceptedAt });
export const orderPlaced = (changes: object = {}) =>
  OrderPlaced({ orderId, customerId, placedOn: '2016-11-08', total, lines, acceptedAt, ...changes });
export const captured = () => PaymentCaptured(payment);
export const declined = () => PaymentDeclined({ ...payment, reason: 'over-limit' });
export const refunded = () => PaymentRefunded(payment);
export const reserved = () => StockReserved({ orderId, customerId, acceptedAt, lines });
export const short = () => StockShort({ orderId, customerId, acceptedAt, missing: ['FUR-1'] });

/** Every order in which these can come. */
export const permutations = <T>(all: readonly T[]): T[][] =>
  all.length === 0
    ? [[]]
    : all.flatMap((one, i) => permutations(all.toSpliced(i, 1)).map((rest) => [one, ...rest]));
