import { createHash } from 'node:crypto';
import { PlaceOrder } from '../../functions/contracts/index.ts';
import type { Order } from './read.ts';

/**
 * The command for an order of a file. Its id is a hash of what the file says, so importing a file twice gives the same
 * commands and places no order twice. Throws EVT_* for what the contract refuses.
 */
export const placeOrder = ({ lines, ...order }: Order): ReturnType<typeof PlaceOrder> =>
  PlaceOrder(
    { ...order, lines: lines.map(({ productName, ...line }) => ({ ...line, name: productName })) },
    {
      id: `import-${createHash('sha256')
        .update(JSON.stringify({ ...order, lines }))
        .digest('hex')
        .slice(0, 32)}`,
      subject: order.orderId,
    },
  );
