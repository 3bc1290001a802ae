import type { OrderPlaced } from '../contracts/checkout.ts';
import { formatUsd } from '../contracts/money.ts';
import type { MessageOf } from '../runtime/contract.ts';

/** What somebody wants to be told of an order. */
export const noticeOf = ({ data }: MessageOf<typeof OrderPlaced>) => ({
  notice: `order of ${formatUsd(data.total)} USD placed`,
  orderId: data.orderId,
});
