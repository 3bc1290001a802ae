/** What a pipe may be. https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html */
import { AwsError, notModelled } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { World } from '../../world.ts';
import { partsOf } from '../events/calls.ts';
import { checkQueueMapping } from '../lambda/mapping/check-queue.ts';
import { checkStreamMapping } from '../lambda/mapping/check-stream.ts';
import { SESSION } from './call.ts';
import { mappingOf } from './flow.ts';
import { invalid, type Definition, type Pipe } from './pipe.ts';
import { kindOf, most } from './targets.ts';

type Checked = Pick<Pipe, 'arn' | 'id' | 'modified' | 'definition'>;

/** Throws what AWS would refuse, be it at once or later, by a state that ends in `_FAILED`; by name what is not modelled. */
export async function check(world: World, pipe: Checked): Promise<void> {
  checkSource(world, pipe.definition);
  checkEnrichment(world, pipe.definition);
  checkTarget(world, pipe.definition);
  if (pipe.definition.LogConfiguration && pipe.definition.LogConfiguration.Level !== 'OFF')
    throw notModelled('LogConfiguration of a pipe');
  inWordsOfPipes(() => checkBatches(world, pipe));
  await checkRole(world, pipe);
}

/** Sources by service, each with its own member of SourceParameters. */
const SOURCES = { sqs: 'SqsQueueParameters', dynamodb: 'DynamoDBStreamParameters' } as const;

function checkSource(world: World, { Source, SourceParameters = {} }: Definition): void {
  const { service } = partsOf(Source);
  if (!Object.hasOwn(SOURCES, service)) throw notModelled(`pipes from ${service || Source}`);
  hereOnly(world, Source);
  const parameters = SOURCES[service as keyof typeof SOURCES];
  refuseOthers(SourceParameters, [parameters, 'FilterCriteria'], 'SourceParameters');
  if (service === 'dynamodb' && !SourceParameters.DynamoDBStreamParameters)
    throw invalid('DynamoDBStreamParameters is required for a DynamoDB stream source.');
  const filters = SourceParameters.FilterCriteria?.Filters?.length ?? 0;
  if (filters > MOST_FILTERS) throw invalid(`The maximum number of filters is ${MOST_FILTERS}.`);
  if (SourceParameters.DynamoDBStreamParameters?.DeadLetterConfig?.Arn?.endsWith('.fifo'))
    throw invalid('FIFO queues are not supported as dead-letter queues of a pipe.');
}

/** https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_FilterCriteria.html */
const MOST_FILTERS = 5;

function checkEnrichment(world: World, { Enrichment, EnrichmentParameters = {} }: Definition): void {
  refuseOthers(EnrichmentParameters, ['InputTemplate'], 'EnrichmentParameters');
  if (!Enrichment) return;
  const { service } = partsOf(Enrichment);
  if (service !== 'lambda') throw notModelled(`enrichment of pipes by ${service || Enrichment}`);
  hereOnly(world, Enrichment);
}

function checkTarget(world: World, { Target, TargetParameters = {} }: Definition): void {
  const { service } = partsOf(Target);
  const kind = kindOf(Target);
  if (!kind) throw notModelled(`pipes to ${service === 'events' ? Target : service || Target}`);
  hereOnly(world, Target);
  refuseOthers(TargetParameters, [kind.parameters, 'InputTemplate'], 'TargetParameters');
  if (TargetParameters.EventBridgeEventBusParameters?.EndpointId !== undefined)
    throw notModelled('EndpointId of a pipe');
  const isFifo = Target.endsWith('.fifo');
  if (isFifo && service === 'sns') throw notModelled('pipes to FIFO topics');
  if (isFifo && TargetParameters.SqsQueueParameters?.MessageGroupId === undefined)
    throw invalid('MessageGroupId is required for a FIFO queue target.');
}

/** Members that AWS would ignore or refuse, because they are of another kind of source or target. */
function refuseOthers(parameters: object, known: (string | undefined)[], where: string): void {
  const other = Object.entries(parameters).find(
    ([member, value]) => value !== undefined && !known.includes(member),
  );
  if (other) throw notModelled(`${other[0]} in the ${where} of such a pipe`);
}

function hereOnly({ account, region }: World, arn: string): void {
  const where = partsOf(arn);
  if (where.account !== account || where.region !== region)
    throw notModelled('pipes from or to other accounts or regions');
}

function checkBatches(world: World, pipe: Checked): void {
  const { configuration } = mappingOf(pipe);
  if (partsOf(pipe.definition.Source).service === 'dynamodb') checkStreamMapping(world, configuration);
  else checkQueueMapping(world, 0, configuration);
  const limit = most(pipe.definition.Target);
  if (configuration.BatchSize > limit)
    throw invalid(`The batch size of the source may not be greater than ${limit}, that of the target.`);
}

/** Sources are checked as those of event source mappings are. */
function inWordsOfPipes(run: () => void): void {
  try {
    run();
  } catch (error) {
    const isOfLambda = error instanceof AwsError && error.code === 'InvalidParameterValueException';
    throw isOfLambda ? invalid(error.message) : error;
  }
}

async function checkRole(world: World, { arn, definition }: Checked): Promise<void> {
  try {
    await world.call(servicePrincipal(world.account, 'pipes.amazonaws.com', arn), 'sts', 'AssumeRole', {
      RoleArn: definition.RoleArn,
      RoleSessionName: SESSION,
    });
  } catch (error) {
    throw invalid(`The role ${definition.RoleArn} cannot be assumed by pipes: ${(error as Error).message}`);
  }
}
