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
    .action(
      run(async ({ port, region }: { port: number; region: string }) => {
        const { serve } = await import('../up/serve.ts');
        const { untilInterrupted } = await import('../up/interrupted.ts');
        const { endpoint, local } = await serve({ port, region });
        console.log(welcome(endpoint));
        await untilInterrupted();
        await local.stop();
        return EXIT.ok;
      }),
    );

export default add;

const welcome = (endpoint: string) => `The embedded AWS listens on ${endpoint}

  export AWS_ENDPOINT_URL=${endpoint} AWS_ENDPOINT_URL_S3=${endpoint}
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1

  npx cdk bootstrap && npx cdk deploy --all --require-approval never

Ctrl-C ends it; what it holds is gone then.`;
