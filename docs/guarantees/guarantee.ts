/** Something that can go wrong, or a promise. Tests name it by its number in their titles. */
export interface Guarantee {
  /** What it is, in a sentence. */
  readonly means: string;
  /** Why it cannot happen here, so that there is nothing to test. @default it can, and a test names it */
  readonly cannot?: string;
}

export type Guarantees = Readonly<Record<string, Guarantee>>;
