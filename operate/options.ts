import { InvalidArgumentError, Option } from 'commander';

/** A port from 0 (any free one) to 65535. */
export function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return port;
}

/** A whole number from 1. */
export function countOf(text: string): number {
  const count = Number(text);
  if (!/^\d{1,9}$/.test(text) || count < 1)
    throw new InvalidArgumentError('A whole number from 1 is needed.');
  return count;
}

/** `--stage`: which of several deployed pipelines. */
export const stageOption = (): Option =>
  new Option('--stage <name>', 'the stage it was deployed as').default('dev');
