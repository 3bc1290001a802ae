/** The ARNs that a call touches. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
import type { World } from '../../world.ts';
import type { Buses } from './bus.ts';

interface Input {
  Name?: string;
  Rule?: string;
  EventBusName?: string;
  Entries?: { EventBusName?: string }[];
  ArchiveName?: string;
  ReplayName?: string;
  EventSourceArn?: string;
  ApiDestinationArn?: string;
  ResourceARN?: string;
}

export function resourcesOf({ account, region }: World, buses: Buses) {
  const arn = (kind: string, name = '') => `arn:aws:events:${region}:${account}:${kind}/${name}`;
  return (operation: string, input: Input): string[] => {
    if (operation === 'PutEvents')
      return [...new Set((input.Entries ?? []).map(({ EventBusName }) => buses.arn(EventBusName)))];
    if (operation === 'StartReplay') return [arn('replay', input.ReplayName), input.EventSourceArn ?? '*'];
    if (operation.endsWith('Archive')) return [arn('archive', input.ArchiveName)];
    if (operation.endsWith('Replay')) return [arn('replay', input.ReplayName)];
    if (operation === 'InvokeApiDestination') return [input.ApiDestinationArn ?? '*'];
    if (operation.endsWith('ApiDestination')) return [arn('api-destination', input.Name)];
    if (operation.endsWith('Connection')) return [arn('connection', input.Name)];
    if (operation.endsWith('EventBus')) return [buses.arn(input.Name)];
    if (operation.endsWith('Permission')) return [buses.arn(input.EventBusName)];
    if (/(Rule|Targets|TargetsByRule)$/.test(operation))
      return [buses.ruleArn(input.Rule ?? input.Name ?? '', input.EventBusName)];
    return [input.ResourceARN ?? '*'];
  };
}
