import pc from 'picocolors';
import { connect } from '../connect.ts';
import { EXIT } from '../errors.ts';
import { roughly } from '../moment.ts';
import { counted, table } from '../table.ts';
import { statusOf, type ConsumerStatus, type Status } from './status.ts';

export interface StatusOptions {
  stage: string;
  pipeline: string;
  json?: boolean;
}

export async function showStatus(options: StatusOptions): Promise<number> {
  const { aws, discovered } = await connect(options);
  const status = await statusOf(aws, discovered, Date.now());
  console.log(options.json ? JSON.stringify(status) : rendered(status));
  return EXIT.ok;
}

function rendered({ consumers, deadLetters, alarms }: Status): string {
  const others = Object.entries(deadLetters).filter(([, letters]) => letters > 0);
  return [
    table(
      ['CONSUMER', 'WAITING', 'IN FLIGHT', 'OLDEST', 'UNPUBLISHED', 'DEAD LETTERS', 'LAST HOUR', 'SUCCESS'],
      consumers.map(row),
    ),
    '',
    ...others.map(
      ([owner, letters]) => `${counted(letters, 'letter')} of ${owner}: spillway dlq show ${owner}`,
    ),
    alarms.length === 0 ? 'No alarm is raised.' : `${counted(alarms.length, 'alarm')}:`,
    ...alarms.map(({ runbook, since }) => `  ${pc.red('!')} ${pc.dim(`since ${since}`)}  ${runbook}`),
  ].join('\n');
}

const row = (status: ConsumerStatus) => [
  status.consumer,
  status.waiting,
  status.inFlight,
  status.oldest === undefined ? '–' : roughly(status.oldest * 1000),
  status.unpublished,
  status.deadLetters,
  status.received ?? 0,
  status.success === undefined ? '–' : `${(status.success * 100).toFixed(1)} %`,
];
