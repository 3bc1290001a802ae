import { EXIT } from '../errors.ts';
import type { AddCommand } from '../cli.ts';
import { portOf } from '../options.ts';

/** `spillway local`: the embedded AWS as a server, until Ctrl-C. */
const add: AddCommand = (program, run) =>
  program
    .command('local')
    .description('start the embedded AWS on this machine, without Docker')
    .option('--port <number>', 'where to listen, on loopback only', portOf, 4566)
    .option('--region <name>', 'the region of calls that name none', 'us-east-1')
    .option('--data <folder>', 'keep everything there, across restarts and kill -9; otherwise in memory only')
    .action(
      run(async ({ port, region, data }: { port: number; region: string; data?: string }) => {
        const { serve } = await import('../up/serve.ts');
        const { untilInterrupted } = await import('../interrupted.ts');
        const { endpoint, local } = await serve({ port, region, data });
        const interrupted = untilInterrupted(); // before anybody can read that Ctrl-C ends it
        console.log(welcome(endpoint, region, data));
        await interrupted;
        await local.stop();
        return EXIT.ok;
      }),
    );

export default add;

const welcome = (endpoint: string, region: string, data?: string) => `The embedded AWS listens on ${endpoint}

  export AWS_ENDPOINT_URL=${endpoint} AWS_ENDPOINT_URL_S3=${endpoint}
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=${region}

  npx cdk bootstrap && npx cdk deploy --all --require-approval never

Ctrl-C ends it; ${data === undefined ? 'what it holds is gone then' : `what it holds stays in ${data}`}.`;
