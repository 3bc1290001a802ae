import { EXIT } from '../errors.ts';
import type { AddCommand } from '../cli.ts';
import { pipelineOption, stageOption } from '../options.ts';

interface EmitOptions {
  data?: string;
  file?: string;
  set?: string[];
  id?: string;
  stage: string;
  pipeline: string;
  json?: boolean;
}

/** `spillway emit <type>`: one event or command, checked against its contract, to a deployed pipeline. */
const add: AddCommand = (program, run) =>
  program
    .command('emit')
    .description('send one command or publish one event, checked against its contract')
    .argument('<type>', 'such as order.place')
    .option('--data <json>', 'the data')
    .option('--file <path>', 'the data in a file, or - for standard input')
    .option('--set <path=value...>', 'single fields, on top of the rest')
    .option('--id <id>', 'the id; the same id takes effect once (default: a new one)')
    .addOption(stageOption())
    .addOption(pipelineOption())
    .option('--json', 'print what was sent as one JSON object')
    .action(
      run(async (type: string, { id, stage, pipeline, json, ...given }: EmitOptions) => {
        const { contractOf, dataOf, emit } = await import('../emit.ts');
        const { awsOfEnvironment } = await import('../aws.ts');
        const { connect } = await import('../connect.ts');
        const contract = contractOf(type);
        const data = await dataOf(given);
        const deployed = async () => (await connect({ stage, pipeline })).discovered;
        const sent = await emit(awsOfEnvironment(), deployed, contract, data, id);
        console.log(
          json
            ? JSON.stringify(sent)
            : `${contract.kind === 'command' ? 'Sent' : 'Published'} ${type} ${sent.id}`,
        );
        return EXIT.ok;
      }),
    );

export default add;
