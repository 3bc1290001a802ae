/** How fast clients may call. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html */
import type { World } from '../../../world.ts';
import { buckets } from '../../apigateway/execute/token-bucket.ts';
import type { Invocation, Target } from './invocation.ts';

/** `false` for a request too many. */
export function admitting({ clock }: World): (invocation: Invocation, target: Target) => boolean {
  const take = buckets(clock);
  return ({ apiId, stage }, { route }) => {
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = {
      ...stage.DefaultRouteSettings,
      ...stage.RouteSettings?.[route.RouteKey],
    };
    return rate === undefined || take(`${apiId}/${stage.StageName}/${route.RouteKey}`, rate, burst ?? rate);
  };
}
