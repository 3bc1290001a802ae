/** The default export of every `bench/measure-NAME.ts`. */
export interface Measurement {
  title: string;
  /** What was measured, a row each, with the unit in the name of the column. */
  run(): Promise<Record<string, string | number>[]>;
}
