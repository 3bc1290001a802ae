import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/**
 * Says a line on a channel, and calls `then` once it has left. It is written at once: what a function printed before it
 * hung or died is not lost, and it costs a fraction of a stream. Only what the channel cannot take waits in the stream.
 */
export function speaker(channel: Socket, fd: number): (line: string, then?: () => void) => void {
  let waiting = 0;
  return (line, then = () => {}) => {
    const bytes = Buffer.from(`${line}\n`);
    const written = waiting === 0 ? writeNow(fd, bytes) : 0;
    if (written === bytes.length) return then();
    waiting++;
    channel.write(bytes.subarray(written), () => {
      waiting--;
      then();
    });
  };
}

/** How many bytes the channel took. */
function writeNow(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
