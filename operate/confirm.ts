import { createInterface } from 'node:readline/promises';
import { OperateError } from './errors.ts';

/** Asks on the terminal, unless that was answered beforehand. Throws NOT_CONFIRMED where nobody can be asked. */
export async function confirmed(question: string, yes = false): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) throw new OperateError('NOT_CONFIRMED', 'There is no terminal to ask on');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
