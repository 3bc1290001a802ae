import { view } from '../runtime/view.ts';
import { show } from './show.ts';

export const handler = view(['checkout', 'shipping'], { key: ({ orderId }) => orderId, show });
