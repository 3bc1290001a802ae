/**
 * CDK sets the notifications of a bucket by a custom resource whose function is inline Python, which does not run here.
 * The same in JavaScript takes its place, so everything else is as with any function: its role, its log, its answer.
 */
import { readFileSync } from 'node:fs';

interface Inline {
  Code: { ZipFile?: string };
  Runtime?: string;
}

/** The properties of a function, or those of the function that takes its place. */
export function runnable<Properties extends Inline>(properties: Properties): Properties {
  const { Code, Runtime = '' } = properties;
  const ours =
    Runtime.startsWith('python') && Code.ZipFile?.includes('put_bucket_notification_configuration');
  return ours ? { ...properties, Runtime: 'nodejs22.x', Code: { ZipFile: handler() } } : properties;
}

const HANDLER = new URL('./handlers/bucket-notifications.cjs', import.meta.url);

const handler = () => readFileSync(HANDLER, 'utf8');
