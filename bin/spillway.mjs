#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that a Node that is too old gets one clear line instead of a stack trace.
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `spillway: NODE_TOO_OLD: Node ${process.versions.node} is running, 20.19 or later is needed. Install a newer one, for example with "nvm install --lts".`,
  );
  process.exit(2);
}
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// Whoever reads along (`spillway tail | head`) may have enough: then it ends as when it is asked to, not with a stack trace.
process.stdout.once('error', () => {
  process.stdout.on('error', () => {});
  process.kill(process.pid, 'SIGTERM');
});

process.setSourceMapsEnabled(true);
const { compiled } = await import('./compiled.mjs');
const { main } = await compiled(fileURLToPath(new URL('..', import.meta.url)), 'cli').catch(fromSources);
process.exitCode = await main(process.argv.slice(2));

/** Slower, but it needs to write nothing, and it says where a source is wrong. */
async function fromSources() {
  const { register } = await import('tsx/esm/api');
  register();
  return import('../operate/cli.ts');
}
