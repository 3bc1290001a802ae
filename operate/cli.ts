import { Command, CommanderError } from 'commander';
import { modulesIn } from '../local/modules-in.ts';
import { EXIT, OperateError } from './errors.ts';

/** A command's work; resolves with its exit code. */
export type Work<Arguments extends unknown[]> = (...given: Arguments) => Promise<number>;

/** The default export of every file in `operate/commands/`: adds its command to `program`, with its work wrapped in `run`. */
export type AddCommand = (
  program: Command,
  run: <A extends unknown[]>(work: Work<A>) => (...given: A) => Promise<void>,
) => void;

/** The `spillway` command. Resolves with the exit code; whatever goes wrong is one line on standard error. */
export async function main(argv: string[]): Promise<number> {
  let exit: number = EXIT.ok;
  const program = new Command('spillway')
    .description('Declare contracts and consumers; deploy, feed, watch and repair what is between them.')
    .showHelpAfterError('Add --help for what there is.')
    .exitOverride();
  const run =
    <A extends unknown[]>(work: Work<A>) =>
    async (...given: A) => {
      exit = await work(...given);
    };
  for (const add of await commands()) add(program, run);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const told = inWords(error);
    console.error(told.line);
    return told.exit;
  }
}

/** Every file in `operate/commands/` is a command. */
async function commands(): Promise<AddCommand[]> {
  const names = await modulesIn(new URL('./commands/', import.meta.url));
  const loaded = await Promise.all(
    names.map((name) => import(`./commands/${name}.ts`) as Promise<{ default: AddCommand }>),
  );
  return loaded.map((module) => module.default);
}

/** Errors of AWS's clients, and any other, as one of ours or as their own name and message on one line. */
function inWords(error: unknown): { line: string; exit: number } {
  if (error instanceof OperateError) return error;
  const {
    name = 'Error',
    message = String(error),
    code,
  } = error as { name?: string; message?: string; code?: string };
  if (name === 'CredentialsProviderError' || name === 'ExpiredTokenException')
    return new OperateError('NO_CREDENTIALS', message.split('\n')[0]!);
  if (message === 'Region is missing') return new OperateError('NO_REGION', message);
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return new OperateError('UNREACHABLE', message || `${process.env['AWS_ENDPOINT_URL']} does not answer`);
  return { line: `spillway: ${name}: ${message.split('\n')[0]}`, exit: EXIT.failed };
}
