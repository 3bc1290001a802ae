import type { Readable } from 'node:stream';

/** Calls `heard` with every line of a stream, and with what is left at its end. */
export function eachLine(stream: Readable, heard: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      heard(rest + chunk.slice(from, end));
      rest = '';
      from = end + 1;
    }
    rest += chunk.slice(from);
  });
  stream.on('end', () => {
    if (rest !== '') heard(rest);
  });
}
