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

/** `--pipeline`: which of several in one account; the name is the construct's id in lower case. */
export const pipelineOption = (): Option =>
  new Option('--pipeline <name>', 'the name of the pipeline').default('shop');

/** Messages a second, as SQS's move task takes it. */
export function rateOf(text: string): number {
  const rate = Number(text);
  if (!/^\d{1,3}$/.test(text) || rate < 1 || rate > 500)
    throw new InvalidArgumentError('A whole number from 1 to 500 is needed.');
  return rate;
}
