/** cfn-lint and cfn-guard, each installed once into a folder of the user's cache. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Found {
  rule: string;
  /** Logical id. */
  resource: string;
  message: string;
}

const CFN_LINT = '1.51.0';
/** Carries the binary of cfn-guard 3.1.1 and AWS Control Tower's proactive controls as its rules. */
const CFN_GUARD = '0.0.62';

const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'spillway');

export function cfnLint(template: string): Found[] {
  const folder = join(CACHE, `cfn-lint-${CFN_LINT}`);
  const tool = join(folder, 'bin', 'cfn-lint');
  if (!existsSync(tool)) {
    run('python3', '-m', 'venv', folder);
    run(join(folder, 'bin', 'pip'), 'install', '-q', '--disable-pip-version-check', `cfn-lint==${CFN_LINT}`);
  }
  return (JSON.parse(said(tool, '--format', 'json', template)) as LintMatch[]).map(
    ({ Rule, Location, Message }) => ({
      rule: Rule.Id,
      resource: String(Location.Path[1]),
      message: Message,
    }),
  );
}

export function cfnGuard(template: string): Found[] {
  const folder = join(CACHE, `cfn-guard-${CFN_GUARD}`);
  const home = join(folder, 'node_modules', '@cdklabs', 'cdk-validator-cfnguard');
  if (!existsSync(home)) {
    mkdirSync(folder, { recursive: true });
    const plainly = ['--no-save', '--ignore-scripts', '--legacy-peer-deps', '--silent'];
    run('npm', 'install', '--prefix', folder, ...plainly, `@cdklabs/cdk-validator-cfnguard@${CFN_GUARD}`);
  }
  const system = process.platform === 'darwin' ? 'macos' : 'ubuntu';
  const tool = join(home, 'bin', system, process.arch === 'arm64' ? 'aarch64' : 'x86_64', 'cfn-guard');
  const controls = join(home, 'rules', 'control-tower', 'cfn-guard');
  const rules = readdirSync(controls).flatMap((service) => ['-r', join(controls, service)]);
  const quiet = ['--structured', '--show-summary', 'none', '-o', 'json'];
  const [report] = JSON.parse(said(tool, 'validate', '-d', template, ...rules, ...quiet)) as [GuardReport];
  if (report.compliant.length === 0) throw new Error('cfn-guard applied no rule');
  return report.not_compliant.flatMap(({ Rule }) => {
    const resources = JSON.stringify(Rule).matchAll(/\/Resources\/(\w+)/g);
    return [...new Set([...resources].map(([, id]) => id!))].map((resource) => ({
      rule: Rule.name,
      resource,
      message: /\[CT\.[^"]*?\\n/.exec(JSON.stringify(Rule))?.[0] ?? '',
    }));
  });
}

interface LintMatch {
  Rule: { Id: string };
  Location: { Path: (string | number)[] };
  Message: string;
}

interface GuardReport {
  compliant: string[];
  not_compliant: { Rule: { name: string } }[];
}

const run = (command: string, ...given: string[]): void =>
  void execFileSync(command, given, { stdio: ['ignore', 'ignore', 'inherit'] });

/** What a tool prints; both end with another code when they find something. Throws Error when there is none. */
function said(command: string, ...given: string[]): string {
  const { stdout, stderr } = spawnSync(command, given, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (!stdout) throw new Error(`${command} said nothing: ${stderr}`);
  return stdout;
}
