/**
 * DynamoDB's numbers: decimals of at most 38 significant digits, magnitudes from 1E-130 to 9.99…E+125, always exact.
 * They travel and are stored as text, so what this room knows is how to bring that text into one form, how to order it
 * and how to add it. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
import { invalid } from './errors.ts';

/** The one form in which a number is stored and given back: plain notation without needless zeros. Throws ValidationException. */
export function plainNumber(text: string): string {
  return PLAIN_INTEGER.test(text) ? text : format(withinRange(parse(text)));
}

/** Text that orders as the numbers do. */
export function sortableNumber(text: string): string {
  const { negative, digits, exponent } = parse(text);
  if (digits === '') return '1';
  const magnitude = exponent + 500;
  if (!negative) return `2${magnitude}${digits}`;
  return `0${999 - magnitude}${digits.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}

/** The sum, exactly. Throws ValidationException where it has more digits or magnitude than DynamoDB stores. */
export const add = (a: string, b: string): string => sum(parse(a), parse(b));

/** The difference, exactly. Throws as `add` does. */
export function subtract(a: string, b: string): string {
  const second = parse(b);
  return sum(parse(a), { ...second, negative: !second.negative });
}

/** Bytes a number takes: two digits a byte, one byte for the magnitude, one for a minus sign. */
export function numberSize(text: string): number {
  const { negative, digits, exponent } = parse(text);
  if (digits === '') return 1;
  const unpaired = digits.length % 2 === 1 || (exponent - 1) % 2 !== 0 ? 0 : 1;
  return 1 + Math.ceil(digits.length / 2) + unpaired + (negative ? 1 : 0);
}

/** ±0.digits × 10^exponent; `digits` has no zero at either end, and is empty for zero. */
interface Decimal {
  negative: boolean;
  digits: string;
  exponent: number;
}

const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,37})$/;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

function parse(text: string): Decimal {
  if (text === '') throw invalid('The parameter cannot be converted to a numeric value');
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '')
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  const significant = (whole + fraction).replace(/^0+/, '');
  const leading = whole.length + fraction.length - significant.length;
  const digits = significant.replace(/0+$/, '');
  return digits === ''
    ? { negative: false, digits, exponent: 0 }
    : { negative: sign === '-', digits, exponent: whole.length - leading + Number(power) };
}

function withinRange(decimal: Decimal): Decimal {
  if (decimal.digits === '') return decimal;
  if (decimal.exponent - 1 > 125)
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  if (decimal.exponent - 1 < -130)
    throw invalid(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  if (decimal.digits.length > 38)
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  return decimal;
}

function format({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return sign + digits.padEnd(exponent, '0');
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

function sum(a: Decimal, b: Decimal): string {
  const scale = Math.min(a.exponent - a.digits.length, b.exponent - b.digits.length);
  const total = whole(a, scale) + whole(b, scale);
  return format(withinRange(parse(`${total}e${scale}`)));
}

/** How many units of 10^scale it is. */
function whole({ negative, digits, exponent }: Decimal, scale: number): bigint {
  const units = BigInt(digits.padEnd(exponent - scale, '0'));
  return negative ? -units : units;
}
