import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURES } from '../guarantees/failures.ts';
import type { Guarantee, Guarantees } from '../guarantees/guarantee.ts';
import { INPUTS } from '../guarantees/inputs.ts';
import { INVARIANTS } from '../guarantees/invariants.ts';
import { MUTATIONS } from '../../test/mutations/mutations.ts';
import { GENERATED, table, type Page } from './page.ts';

/** A test, or a group of tests, that names a number in its title. */
export interface Named {
  /** From the root of the project. */
  readonly file: string;
  readonly title: string;
  readonly number: string;
}

const ALL: Guarantees = { ...FAILURES, ...INVARIANTS, ...INPUTS };

/** docs/guarantees.md: what is promised, and the tests that hold us to it. */
export function guaranteesPage(tests: readonly Named[]): Page {
  const rows = (guarantees: Guarantees) =>
    Object.entries(guarantees).map(([number, one]) => [number, one.means, evidence(number, one, tests)]);
  const part = (guarantees: Guarantees) => table(['Number', 'What it is', 'Proof'], rows(guarantees));
  return {
    path: 'guarantees.md',
    text: `# What is guaranteed, and by which test

${GENERATED} A test names what it proves by its number; \`npm run check\` fails when a number has neither a test nor a reason.

## Invariants

${part(INVARIANTS)}

## Failures

${part(FAILURES)}

## Bad input

${part(INPUTS)}

## Mutations

\`npm run test:mutations\` breaks the code in each of these ways, one at a time, and expects the tests to turn red.

${table(
  ['Broken on purpose', 'Where', 'What turns red'],
  MUTATIONS.map(({ what, file, test }) => [what, link(file), `${link(test.file)}: ${test.title}`]),
)}
`,
  };
}

/** Where the table and the tests disagree. */
export function guaranteeFaults(tests: readonly Named[], guarantees = ALL): string[] {
  const tested = new Map(tests.map(({ number, file }) => [number, file]));
  const unknown = [...tested]
    .filter(([number]) => !(number in guarantees))
    .map(([number, file]) => `${number} is not in docs/guarantees/: ${file} names it.`);
  const wrong = Object.entries(guarantees).flatMap(([number, { cannot }]) => {
    const file = tested.get(number);
    if (cannot !== undefined && file !== undefined)
      return `${number} cannot happen, says docs/guarantees/, but ${file} tests it.`;
    if (cannot === undefined && file === undefined)
      return `${number} has no test: name it in the title of one, or say in docs/guarantees/ why it cannot happen.`;
    return [];
  });
  return [...unknown, ...wrong];
}

/** Mutations that can no longer be made, because the code has changed. */
export const mutationFaults = (): string[] =>
  MUTATIONS.filter(({ file, from }) => readFileSync(file, 'utf8').split(from).length !== 2).map(
    ({ what, file }) =>
      `test/mutations/mutations.ts: "${what}" does not find its place in ${file} once; write it for the code as it is.`,
  );

/** The numbers in the titles of all tests below a folder. */
export function namedIn(folder: string): Named[] {
  return (
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // test/docs tests this very reading, with numbers as examples.
      .filter((name) => name.endsWith('.test.ts') && !/^docs\b|node_modules/.test(name))
      .toSorted()
      .flatMap((name) => namedBy(join(folder, name), readFileSync(join(folder, name), 'utf8')))
  );
}

/** Titles are the first argument of `test`, `it`, `describe` and what their `each` returns, or the first of its row. */
export function namedBy(file: string, source: string): Named[] {
  return [...source.matchAll(TITLE)].flatMap(([, , title]) =>
    [...new Set(title!.match(NUMBER))].map((number) => ({ file, title: plain(title!), number })),
  );
}

const TITLE = /[([]\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1\s*,/g;
const NUMBER = /\b(?:F\d\d|B\d\d|I\d\d?)\b/g;

/** The title without its numbers, which the table has already. */
const plain = (title: string): string =>
  title
    .replaceAll(/\s*\((?:(?:F|B|I)\d+(?:,? )?)+\)/g, '')
    .replace(/^(?:(?:F|B|I)\d+[,:]? ?)+/, '')
    .replaceAll('\\', '');

function evidence(number: string, { cannot }: Guarantee, tests: readonly Named[]): string {
  if (cannot) return `Cannot happen: ${cannot}`;
  const named = tests.filter((one) => one.number === number);
  return [...new Set(named.map(({ file }) => file))]
    .map((file) => {
      const titles = new Set(named.filter((one) => one.file === file).map(({ title }) => title));
      return [link(file), [...titles].filter((title) => title !== '').join('; ')].filter(Boolean).join(': ');
    })
    .join('<br>');
}

const link = (file: string): string => `[${file}](../${file})`;
