import type { AddCommand } from '../cli.ts';
import { pipelineOption, stageOption } from '../options.ts';
import type { TraceOptions } from '../trace/command.ts';

/** `spillway trace <id>`: what became of one message. */
const add: AddCommand = (program, run) =>
  program
    .command('trace')
    .description('what became of a message and of all that it caused')
    .argument('<id>', 'the id of a message; that of the first one shows the whole story')
    .option('--since <time>', 'how far back to search the logs', '1d')
    .addOption(stageOption())
    .addOption(pipelineOption())
    .option('--json', 'print the result as one JSON object')
    .action(
      run(async (id: string, options: TraceOptions) =>
        (await import('../trace/command.ts')).trace(id, options),
      ),
    );

export default add;
