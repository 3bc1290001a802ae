import type { AddCommand } from '../cli.ts';
import { pipelineOption, stageOption } from '../options.ts';
import type { TailOptions } from '../trace/tail.ts';

/** `spillway tail`: what consumers do, until Ctrl-C. */
const add: AddCommand = (program, run) =>
  program
    .command('tail')
    .description('what consumers make of messages, as it comes')
    .option('--type <type>', 'only messages of this type')
    .option('--since <time>', 'also what came since: 2h (ago), 2026-11-21, 2026-11-21T09:30:00Z')
    .addOption(stageOption())
    .addOption(pipelineOption())
    .option('--json', 'one JSON object a line')
    .action(run(async (options: TailOptions) => (await import('../trace/tail.ts')).tail(options)));

export default add;
