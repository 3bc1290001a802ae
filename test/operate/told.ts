import { main } from '../../operate/cli.ts';

/** What the command comes to in this process, whose starting is most of what a case would take, and what it prints. */
export async function told(
  args: string[],
  env: Record<string, string | undefined>,
): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const { log, error } = console;
  const before = { ...process.env };
  console.log = console.error = (printed: string) => void lines.push(printed);
  setEnvironment({ ...before, ...env });
  try {
    return { code: await main(args), lines };
  } finally {
    Object.assign(console, { log, error });
    setEnvironment(before);
  }
}

function setEnvironment(variables: Record<string, string | undefined>): void {
  for (const name of Object.keys({ ...process.env, ...variables }))
    if (variables[name] === undefined) delete process.env[name];
    else process.env[name] = variables[name];
}
