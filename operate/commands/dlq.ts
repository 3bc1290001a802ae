import type { Command } from 'commander';
import type { AddCommand } from '../cli.ts';
import { countOf, pipelineOption, rateOf, stageOption } from '../options.ts';
import type { DlqOptions } from '../letters/commands/ls.ts';
import type { PurgeOptions } from '../letters/commands/purge.ts';
import type { RedriveOptions } from '../letters/commands/redrive.ts';
import type { ShowOptions } from '../letters/commands/show.ts';

type Name = string | undefined;

/** `spillway dlq ls|show|redrive|purge`: what could not be delivered or handled. */
const add: AddCommand = (program, run) => {
  const dlq = program.command('dlq').description('see dead letters, send them back, or put them away');

  sub(dlq, 'ls', 'count them by consumer, type and reason').action(
    run(async (name: Name, options: DlqOptions) =>
      (await import('../letters/commands/ls.ts')).ls(name, options),
    ),
  );

  filtered(sub(dlq, 'show', 'say why, letter by letter; nothing is consumed'))
    .option('--limit <number>', 'how many to show, the oldest first', countOf, 20)
    .option('--body', 'also what is in them')
    .action(
      run(async (name: Name, options: ShowOptions) =>
        (await import('../letters/commands/show.ts')).show(name, options),
      ),
    );

  filtered(sub(dlq, 'redrive', 'send them back to the queues that they were meant for'))
    .option('--limit <number>', 'only so many: one, to see whether the cause is mended', countOf)
    .option('--rate <number>', 'letters a second, 1 to 500 (default: as fast as it goes)', rateOf)
    .option('--native', 'by the move task of SQS, or not at all')
    .option('--may-repeat', 'also to a consumer that does not remember what it has handled')
    .option('--dry-run', 'show the plan and change nothing')
    .option('-y, --yes', 'do not ask')
    .action(
      run(async (name: Name, options: RedriveOptions) =>
        (await import('../letters/commands/redrive.ts')).redriveLetters(name, options),
      ),
    );

  filtered(sub(dlq, 'purge', 'delete them, once they are in a file'))
    .option('--export <path>', 'the file, which must be new (default: one in .spillway)')
    .option('--discard', 'delete without a file')
    .option('--dry-run', 'show the plan and change nothing')
    .option('-y, --yes', 'do not ask')
    .action(
      run(async (name: Name, options: PurgeOptions) =>
        (await import('../letters/commands/purge.ts')).purgeLetters(name, options),
      ),
    );
};

const sub = (dlq: Command, name: string, description: string): Command =>
  dlq
    .command(name)
    .description(description)
    .argument('[name]', 'a consumer, "relay", "unrouted", or a dead-letter queue (default: all)')
    .addOption(stageOption())
    .addOption(pipelineOption())
    .option('--json', 'print the result as one JSON object');

const filtered = (command: Command): Command =>
  command
    .option('--type <type>', 'only messages of this type')
    .option('--reason <code>', 'only with this reason')
    .option('--id <id>', 'only the message with this id')
    .option('--since <time>', 'only what was given up since: 2h (ago), 2026-11-21, 2026-11-21T09:30:00Z')
    .option('--until <time>', 'only what was given up until then')
    .option('--pattern <file>', 'only messages that match an EventBridge pattern over type, data, …');

export default add;
