/** Reads a file like superstore.csv as orders. A line that is damaged or wrong costs its own order, and no other. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse/sync';
import { OperateError } from '../errors.ts';
import { COLUMNS, LineRefused, readLine, type Column, type OrderLine } from './line.ts';

/** An order as the file has it: one customer, one address, its lines in the file's order. */
export interface Order extends Omit<
  OrderLine,
  'productId' | 'productName' | 'quantity' | 'unitPrice' | 'discount' | 'amount'
> {
  lines: Pick<OrderLine, 'productId' | 'productName' | 'quantity' | 'unitPrice' | 'discount' | 'amount'>[];
  /** Ten-thousandths of a dollar. */
  total: number;
}

/** An order that is not placed, and why: the first line that is wrong, counted from 1 with the header as line 1. */
export interface Refusal {
  orderId: string | undefined;
  line: number;
  reason: string;
}

/** `line` is where the order begins. */
export type Read = { order: Order; line: number } | { refused: Refusal };

/** Throws OperateError FILE_MISSING or FILE_NOT_ORDERS before anything is read; afterwards every order is either read or refused. */
export async function* readOrders(path: string): AsyncGenerator<Read> {
  if (!(await stat(path).catch(() => undefined))?.isFile())
    throw new OperateError('FILE_MISSING', `There is no file ${path}`);
  const seen = new Map<string, number>();
  let columns: string[] | undefined;
  let group: Group | undefined;
  let number = 0;

  for await (const { text, values } of lines(path)) {
    number++;
    if (!columns) {
      columns = header(values);
      continue;
    }
    if (text.trim() === '') continue;
    const next = readText({ text, values }, columns, number);
    if (group && (next.orderId === group.orderId || next.orderId === undefined)) {
      group.add(next);
      continue;
    }
    const illegible = group?.illegible();
    if (group) yield group.close(seen);
    group = groupOf(next, illegible);
  }
  if (!columns) throw new OperateError('FILE_NOT_ORDERS', `${path} is empty`);
  if (group) yield group.close(seen);
}

/** Throws FILE_MISSING and FILE_NOT_ORDERS; a wrong line is no reason. */
export async function refuseNoOrders(path: string): Promise<void> {
  for await (const _ of readOrders(path)) return;
}

/** A line of the file: what it says, or why it can't be used. The order id is known whenever it can be made out. */
interface NumberedLine {
  number: number;
  orderId: string | undefined;
  read: OrderLine | LineRefused;
}

interface Group {
  orderId: string | undefined;
  add(line: NumberedLine): void;
  /** Its last line, if nobody can tell to which order that belongs. */
  illegible(): NumberedLine | undefined;
  close(seen: Map<string, number>): Read;
}

/**
 * Lines of one order stand together. A damaged line without a legible order id may belong to the order before it or to
 * the one after: neither can be known to be whole, so it costs both.
 */
function groupOf(first: NumberedLine, illegible?: NumberedLine): Group {
  const lines = [first];
  return {
    orderId: first.orderId,
    add: (line) => void lines.push(line),
    illegible: () => (lines.at(-1)!.orderId === undefined ? lines.at(-1) : undefined),
    close(seen) {
      const before = first.orderId === undefined ? undefined : seen.get(first.orderId);
      if (first.orderId !== undefined) seen.set(first.orderId, before ?? first.number);
      const wrong = [...(illegible ? [illegible] : []), ...lines].find(
        (line) => line.read instanceof LineRefused,
      );
      const refused = (line: number, reason: string) => ({
        refused: { orderId: first.orderId, line, reason },
      });
      if (wrong) return refused(wrong.number, (wrong.read as LineRefused).message);
      if (before !== undefined)
        return refused(first.number, `the order stands in the file before, at line ${before}`);
      const odd = lines.find((line) => !sameHead(first.read as OrderLine, line.read as OrderLine));
      if (odd)
        return refused(
          odd.number,
          `customer, date or address differ from line ${first.number} of the same order`,
        );
      return { order: orderOf(lines.map((line) => line.read as OrderLine)), line: first.number };
    },
  };
}

function orderOf(lines: OrderLine[]): Order {
  const { orderId, placedOn, customerId, customerName, shipMode, shipTo } = lines[0]!;
  return {
    orderId,
    placedOn,
    customerId,
    customerName,
    shipMode,
    shipTo,
    lines: lines.map(({ productId, productName, quantity, unitPrice, discount, amount }) => ({
      productId,
      productName,
      quantity,
      unitPrice,
      discount,
      amount,
    })),
    total: lines.reduce((sum, { amount }) => sum + amount, 0),
  };
}

const sameHead = (a: OrderLine, b: OrderLine) =>
  a.customerId === b.customerId &&
  a.placedOn === b.placedOn &&
  a.shipMode === b.shipMode &&
  JSON.stringify(a.shipTo) === JSON.stringify(b.shipTo);

function header(columns: string[] = []): string[] {
  const missing = COLUMNS.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new OperateError(
      'FILE_NOT_ORDERS',
      `The header lacks ${missing.map((name) => `"${name}"`).join(', ')}`,
    );
  const unknown = columns.filter((column) => !COLUMNS.includes(column as Column));
  if (unknown.length > 0)
    throw new OperateError(
      'FILE_NOT_ORDERS',
      `The header has an unknown column ${unknown.map((name) => JSON.stringify(name)).join(', ')}`,
    );
  return columns;
}

function readText({ text, values }: Line, columns: string[], number: number): NumberedLine {
  const orderId = values?.[columns.indexOf('Order ID')] ?? /"([A-Z]{2}-\d{4}-\d{6})"/.exec(text)?.[1];
  const refused = (reason: string) => ({ number, orderId, read: new LineRefused(reason) });
  if (!values) return refused('the line is damaged: its quotes do not match');
  if (values.length > columns.length)
    return refused(`there is an unknown column: ${values.length} fields, the header has ${columns.length}`);
  if (values.length < columns.length)
    return refused(`a field is missing: ${values.length} fields, the header has ${columns.length}`);
  try {
    return { number, orderId, read: readLine((column) => values[columns.indexOf(column)]!) };
  } catch (error) {
    if (error instanceof LineRefused) return { number, orderId, read: error };
    throw error;
  }
}

interface Line {
  text: string;
  /** Undefined where the quotes do not match. */
  values: string[] | undefined;
}

/** The lines of a file, taken apart. No field of these files has a line break in it. */
async function* lines(path: string): AsyncGenerator<Line> {
  let block: string[] = [];
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    block.push(text);
    if (block.length < BLOCK) continue;
    yield* takenApart(block);
    block = [];
  }
  yield* takenApart(block);
}

/** Lines that are parsed at once, since starting the parser costs more than a line. */
const BLOCK = 200;

/** Where a block is not as many records as it has lines, quotes do not match somewhere: then line by line. */
function takenApart(block: string[]): Line[] {
  const records = parsed(block.join('\n'));
  if (records?.length === block.length) return block.map((text, i) => ({ text, values: records[i] }));
  return block.map((text) => ({ text, values: parsed(text)?.[0] }));
}

function parsed(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_column_count: true, bom: true });
  } catch {
    return undefined;
  }
}
