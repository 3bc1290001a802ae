import * as z from 'zod/mini';

/**
 * Money is a whole number of ten-thousandths of a dollar: the real orders have four decimals, and rounding each line to
 * cents is wrong by 21 cents in their total. Within ±500,000 dollars it can also be routed by value.
 */
export const amount = z.int().check(z.minimum(0), z.maximum(5_000_000_000));

/** A price of one piece: whole cents. */
export const unitPrice = z.int().check(z.minimum(0), z.maximum(5_000_000_000), z.multipleOf(100));

/** Dollars as an amount: `usd(1000)`, `usd('0.444')`. Throws RangeError for more than four decimals. */
export function usd(dollars: number | string): number {
  const parts = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(String(dollars));
  if (!parts) throw new RangeError(`${dollars} is not a number of dollars with at most four decimals`);
  const [, sign, whole, decimals = ''] = parts;
  const value = Number(whole) * 10_000 + Number(decimals.padEnd(4, '0'));
  return sign && value ? -value : value;
}

/** An amount as an exact decimal: `2297200.8603`, always with four decimals. */
export function formatUsd(amount: number | bigint): string {
  const digits = String(amount < 0 ? -amount : amount).padStart(5, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
