import { createInterface } from 'node:readline/promises';
import { OperateError } from './errors.ts';

/** Asks on the terminal, unless that was answered beforehand; who goes away says no. Throws NOT_CONFIRMED where nobody can be asked. */
export async function confirmed(question: string, yes = false): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) throw new OperateError('NOT_CONFIRMED', 'There is no terminal to ask on');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } catch (error) {
    if ((error as Error).name === 'AbortError') return false;
    throw error;
  } finally {
    terminal.close();
  }
}
