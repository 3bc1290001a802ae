import type { AddCommand } from '../cli.ts';
import { pipelineOption, stageOption } from '../options.ts';
import type { ReplayOptions } from '../replay/command.ts';

/** `spillway replay`: archived events once more, to those who missed them. */
const add: AddCommand = (program, run) =>
  program
    .command('replay')
    .description('send archived events once more; what was applied before stays as it is')
    .requiredOption('--since <time>', 'from when on: 2h (ago), 2026-11-21, 2026-11-21T09:30:00Z')
    .option('--until <time>', 'until when (default: 10 minutes ago, when the archive is sure to have them)')
    .option('--to <consumer...>', 'to whom')
    .option('--all-rules', 'to every rule of the bus instead')
    .option('--may-repeat', 'also to a consumer that does not remember what it has handled')
    .option('--dry-run', 'show what would be replayed')
    .option('-y, --yes', 'do not ask')
    .addOption(stageOption())
    .addOption(pipelineOption())
    .option('--json', 'print the result as one JSON object')
    .action(
      run(async (options: ReplayOptions) => (await import('../replay/command.ts')).replayEvents(options)),
    );

export default add;
