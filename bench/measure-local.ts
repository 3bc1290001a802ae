import { others, spillway } from './local/contestants.ts';
import { functionRows, ruleRows } from './local/events.ts';
import { libraryRows } from './local/library.ts';
import { queueRows } from './local/queues.ts';
import type { Contestant } from './local/server.ts';
import { startRows } from './local/start.ts';
import type { Measurement } from './measurement.ts';

/** The embedded AWS against emulators, each in a process of its own, over HTTP and by one client. */
export default {
  title: 'the embedded AWS against fauxqs, ministack and (--localstack) LocalStack',
  async run() {
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    const contestants = [
      spillway,
      ...(await others({ withLocalStack: process.argv.includes('--localstack') })),
    ];
    for (const { name, version } of contestants) console.log(`${name}: ${version}`);
    const whole = contestants.filter(({ has }) => has !== 'queues');
    return [
      ...(await startRows(contestants)),
      ...(await libraryRows()),
      ...(await serving(contestants, queueRows)),
      ...(await serving(whole, ruleRows)),
      ...(await serving(whole, functionRows)),
    ];
  },
} satisfies Measurement;

/** Fresh servers for each measure, side by side. */
async function serving<Row>(
  contestants: Contestant[],
  measure: (servers: Awaited<ReturnType<Contestant['start']>>[]) => Promise<Row[]>,
): Promise<Row[]> {
  const servers = await Promise.all(contestants.map(({ start }) => start()));
  try {
    return await measure(servers);
  } finally {
    for (const { stop } of servers) await stop();
  }
}
