import { readFile } from 'node:fs/promises';
import { compilePattern } from '../../local/services/events/pattern/compile.ts';
import { parseExactly } from '../../local/services/events/pattern/numbers.ts';
import { OperateError } from '../errors.ts';
import { spanOf } from '../moment.ts';

/** Which letters are meant; all of them without any of these. Times are milliseconds since 1970. */
export interface Filter {
  type?: string | undefined;
  /** The code of the reason. */
  code?: string | undefined;
  /** The message's own id. */
  id?: string | undefined;
  /** Given up not before. */
  since?: number | undefined;
  /** Given up not after. */
  until?: number | undefined;
  /** Whether the body of a letter is meant. */
  pattern?: ((body: string) => boolean) | undefined;
}

/** As the command line has it. */
export interface FilterOptions {
  type?: string;
  reason?: string;
  id?: string;
  since?: string;
  until?: string;
  pattern?: string;
}

/** Throws BAD_TIME, FILE_MISSING and BAD_PATTERN. */
export async function filterOf(given: FilterOptions, now: number): Promise<Filter> {
  const { type, reason: code, id, pattern } = given;
  return {
    type,
    code,
    id,
    ...spanOf(given, now),
    pattern: pattern === undefined ? undefined : await patternIn(pattern),
  };
}

/** Whether a filter leaves nothing out. */
export const isOpen = (filter: Filter): boolean => Object.values(filter).every((one) => one === undefined);

/**
 * The pattern in a file, an EventBridge pattern over the message itself, whichever way it came:
 * `{"type": ["order.placed"], "data": {"total": [{"numeric": [">", 100]}]}}`.
 */
async function patternIn(file: string): Promise<(body: string) => boolean> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new OperateError('BAD_PATTERN', `There is no file ${file} that could be read`);
  });
  const matches = compiled(text, file);
  return (body) => {
    try {
      const said = parseExactly(body) as { detail?: unknown };
      return matches(said.detail ?? said);
    } catch {
      return false; // what is no JSON matches nothing
    }
  };
}

function compiled(text: string, file: string) {
  try {
    return compilePattern(text);
  } catch (error) {
    const [reason = '', at = ''] = (error as Error).message.split('\n');
    const { line = '1', column = '1' } = /line: (?<line>\d+), column: (?<column>\d+)/.exec(at)?.groups ?? {};
    throw new OperateError(
      'BAD_PATTERN',
      `${file}, line ${line}, column ${column}: ${reason.replace(/^.*Reason: /, '')}`,
    );
  }
}
