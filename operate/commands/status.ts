import type { AddCommand } from '../cli.ts';
import { pipelineOption, stageOption } from '../options.ts';
import type { StatusOptions } from '../status/command.ts';

/** `spillway status`: how every consumer does. */
const add: AddCommand = (program, run) =>
  program
    .command('status')
    .description('what waits, is in flight or dead, and which alarms are raised')
    .addOption(stageOption())
    .addOption(pipelineOption())
    .option('--json', 'print the result as one JSON object')
    .action(
      run(async (options: StatusOptions) => (await import('../status/command.ts')).showStatus(options)),
    );

export default add;
