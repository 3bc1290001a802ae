/** `order.place` → `OrderPlace`, `/orders/{orderId}` → `OrdersOrderId`, for construct ids. */
export const pascal = (name: string): string =>
  name
    .replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase())
    .replace(/[^A-Za-z0-9]+$/, '');
