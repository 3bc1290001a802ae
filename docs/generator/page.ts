/** A generated file: its path from docs/ and what it should hold. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** What a generated page says of itself, so that nobody edits it. */
export const GENERATED = 'Written by `npm run docs`.';

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A Markdown table. Bars in cells are escaped. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
