import { Command, CommanderError } from 'commander';
import { modulesIn } from '../local/modules-in.ts';
import { EXIT } from './errors.ts';
import { inWords } from './in-words.ts';

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
