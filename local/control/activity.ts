import type { ServerResponse } from 'node:http';
import type { World } from '../world.ts';

/** Everything that happens from now on, as server-sent events, until the client goes away. */
export function activity({ activity: happenings }: World, response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const stop = happenings.listen((happening) => {
    // A reader that cannot keep up loses what it did not read; memory stays flat.
    if (response.writableLength < LARGEST_BACKLOG) response.write(`data: ${JSON.stringify(happening)}\n\n`);
  });
  response.on('close', stop);
}

const LARGEST_BACKLOG = 1024 * 1024;
