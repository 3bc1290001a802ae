import { alarmsNameRealMetrics } from './alarms-name-real-metrics.ts';
import { alarmsReachTheirTopic } from './alarms-reach-their-topic.ts';
import { alarmsTellSomebody } from './alarms-tell-somebody.ts';
import { batchesFailInPart } from './batches-fail-in-part.ts';
import { batchesFitTheirWindow } from './batches-fit-their-window.ts';
import { busKeysHaveDeadLetterQueues } from './bus-keys-have-dead-letter-queues.ts';
import { busesAreArchived } from './buses-are-archived.ts';
import type { Check } from './check.ts';
import { concurrencyIsBounded } from './concurrency-is-bounded.ts';
import { customerKeysLetEventsIn } from './customer-keys-let-events-in.ts';
import { cyclesAreBroken } from './cycles-are-broken.ts';
import { deadLetterQueuesFit } from './dead-letter-queues-fit.ts';
import { enoughReceives } from './enough-receives.ts';
import { environmentsFitTheirFunction } from './environments-fit-their-function.ts';
import { failuresRaiseAlarms } from './failures-raise-alarms.ts';
import { marksOutliveCopies } from './marks-outlive-copies.ts';
import { messagesHaveListeners } from './messages-have-listeners.ts';
import { numbersCanBeCompared } from './numbers-can-be-compared.ts';
import { patternsFitTheirRule } from './patterns-fit-their-rule.ts';
import { patternsMatchTheCatalogue } from './patterns-match-the-catalogue.ts';
import { productionKeepsData } from './production-keeps-data.ts';
import { queueMappingsDoNotFilter } from './queue-mappings-do-not-filter.ts';
import { queuesKeepTwoWeeks } from './queues-keep-two-weeks.ts';
import { routesKeepTheEnvelope } from './routes-keep-the-envelope.ts';
import { rulesAvoidTheAwsManagedKey } from './rules-avoid-the-aws-managed-key.ts';
import { rulesHaveDeadLetterQueues } from './rules-have-dead-letter-queues.ts';
import { rulesReachTheirTargets } from './rules-reach-their-targets.ts';
import { runtimesAreSupported } from './runtimes-are-supported.ts';
import { servicesNameTheirSource } from './services-name-their-source.ts';
import { visibilityCoversRetries } from './visibility-covers-retries.ts';

/** Every check, in the order of a message's way. */
export const CHECKS: readonly Check[] = [
  messagesHaveListeners,
  cyclesAreBroken,
  patternsMatchTheCatalogue,
  patternsFitTheirRule,
  numbersCanBeCompared,
  busesAreArchived,
  busKeysHaveDeadLetterQueues,
  rulesHaveDeadLetterQueues,
  rulesReachTheirTargets,
  rulesAvoidTheAwsManagedKey,
  customerKeysLetEventsIn,
  servicesNameTheirSource,
  routesKeepTheEnvelope,
  queuesKeepTwoWeeks,
  deadLetterQueuesFit,
  enoughReceives,
  visibilityCoversRetries,
  batchesFailInPart,
  batchesFitTheirWindow,
  concurrencyIsBounded,
  queueMappingsDoNotFilter,
  runtimesAreSupported,
  environmentsFitTheirFunction,
  marksOutliveCopies,
  productionKeepsData,
  failuresRaiseAlarms,
  alarmsNameRealMetrics,
  alarmsTellSomebody,
  alarmsReachTheirTopic,
];
