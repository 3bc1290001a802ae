import type { RecordLine } from '../records.ts';

type Row = [
  at: string,
  consumer: string,
  type: string,
  outcome: string,
  took: string,
  id: string,
  why: string,
];

/** The heading of `row`. */
export const ROW = ['AT', 'CONSUMER', 'TYPE', 'OUTCOME', 'TOOK', 'ID', 'WHY'];

/** A record line for a person. What it took is from when it was sent until it was handled. */
export const row = ({
  at,
  consumer,
  type = '–',
  outcome,
  code,
  message = '',
  id = '–',
  ...line
}: RecordLine): Row => [
  at,
  consumer,
  type,
  code === undefined ? outcome : `${outcome} ${code}`,
  `${line.transit + line.waiting + line.processing} ms`,
  id,
  message,
];
