import pc from 'picocolors';

/** Rows below a heading, in columns as wide as they need; those of numbers are aligned to the right. Indented by two. */
export function table(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [heading, ...rows.map((row) => row.map(shown))];
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const right = heading.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]) =>
    `  ${row
      .map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()}`;
  return cells.map((row, i) => (i === 0 ? pc.dim(line(row)) : line(row))).join('\n');
}

const shown = (cell: string | number): string =>
  typeof cell === 'number' ? cell.toLocaleString('en-US') : harmless(cell);

/** Text of others on one line, without what a terminal would obey. */
export const harmless = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');

/** `1 letter`, `1,200 letters`. */
export const counted = (count: number, one: string): string =>
  `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;
