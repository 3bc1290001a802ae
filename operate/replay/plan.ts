import { DescribeArchiveCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { nearest } from '../../functions/runtime/contract/catalogue.ts';
import type { Aws } from '../aws.ts';
import type { Discovered } from '../discovery.ts';
import { OperateError } from '../errors.ts';
import { roughly, type Span } from '../moment.ts';

export interface Replay {
  archiveArn: string;
  busArn: string;
  /** By their `time`, milliseconds since 1970; the end is not included. */
  from: number;
  to: number;
  /** Consumers by name and the rules that bring them their events; none is every rule of the bus. */
  rules: { consumer: string; arn: string }[];
  /** Events in the archive, which does not count a part of itself: at most so many are replayed. */
  atMost: number;
}

export interface ReplayOptions extends Span {
  /** Names of consumers. */
  to: readonly string[];
  /** Every rule of the bus instead. @default false */
  allRules?: boolean | undefined;
  /** Also to consumers that do not remember what they have handled. @default false */
  mayRepeat?: boolean | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** So long may it take until an event can be replayed. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html */
const ARCHIVE_LAG = 600_000;

/** What a replay would send, and to whom. Throws UNKNOWN_NAME, BAD_REPLAY and MAY_REPEAT. */
export async function planReplay(
  aws: Aws,
  discovered: Discovered,
  { since, until, to, allRules = false, mayRepeat = false, now }: ReplayOptions,
): Promise<Replay> {
  const rules = rulesOf(discovered, to, allRules);
  const heard = allRules ? Object.keys(discovered.consumers) : to;
  const forgetful = heard.find((name) => discovered.consumers[name]!.table === undefined);
  if (forgetful !== undefined && !mayRepeat)
    throw new OperateError('MAY_REPEAT', `${forgetful} does not remember what it has handled`);
  const end = until ?? now - ARCHIVE_LAG;
  if (since === undefined) throw new OperateError('BAD_REPLAY', 'Say from when, such as --since 2h');
  if (end > now - ARCHIVE_LAG)
    throw new OperateError(
      'BAD_REPLAY',
      `--until must be 10 minutes ago or earlier: an event may take so long to be archived`,
    );
  if (since >= end)
    throw new OperateError('BAD_REPLAY', 'Nothing lies between --since and 10 minutes ago, or --until');
  return { ...(await archived(aws, discovered, since, now)), from: since, to: end, rules };
}

function rulesOf({ consumers }: Discovered, to: readonly string[], allRules: boolean): Replay['rules'] {
  if (allRules && to.length > 0) throw new OperateError('BAD_REPLAY', 'Give --to or --all-rules, not both');
  if (!allRules && to.length === 0)
    throw new OperateError(
      'BAD_REPLAY',
      `Say to whom, such as --to ${Object.keys(consumers)[0]}; --all-rules is everybody, others’ rules on the bus included`,
    );
  return to.map((consumer) => {
    const found = consumers[consumer];
    if (!found)
      throw new OperateError(
        'UNKNOWN_NAME',
        `There is no consumer ${consumer}${nearest(consumer, Object.keys(consumers))}`,
      );
    if (found.ruleArn === undefined)
      throw new OperateError(
        'BAD_REPLAY',
        `${consumer} has no rule: it listens to commands, which are not archived`,
      );
    return { consumer, arn: found.ruleArn };
  });
}

async function archived(aws: Aws, { archive, bus }: Discovered, since: number, now: number) {
  if (archive === undefined)
    throw new OperateError('BAD_REPLAY', `Of ${bus} no archive is known; whoever owns the bus may have one`);
  const described = await aws(EventBridgeClient).send(new DescribeArchiveCommand({ ArchiveName: archive }));
  const { ArchiveArn = '', EventSourceArn = '', EventCount = 0, RetentionDays = 0 } = described;
  const kept = RetentionDays === 0 ? Infinity : RetentionDays * 86_400_000;
  if (since < now - kept)
    throw new OperateError(
      'BAD_REPLAY',
      `The archive keeps ${RetentionDays} days, and --since is ${roughly(now - since)} ago`,
    );
  return { archiveArn: ArchiveArn, busArn: EventSourceArn, atMost: EventCount };
}
