/** Tags of APIs, stages, keys and usage plans, by ARN. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import type { Apis } from './api.ts';
import { keyAt, type ApiKeys } from './api-keys.ts';
import { badRequest } from './errors.ts';
import { planAt, type Plans } from './usage-plans.ts';

interface Tagged {
  tags?: Record<string, string> | undefined;
}

export function tagging(apis: Apis, keys: ApiKeys, plans: Plans) {
  const taggedAt = (arn = ''): Tagged => {
    const [, kind, id, stages, stage] =
      /^arn:[\w-]+:apigateway:[\w-]+::(.+)$/.exec(arn)?.[1]?.split('/') ?? [];
    if (kind === 'restapis' && stages === 'stages') return apis.stageAt(apis.at(id), stage);
    if (kind === 'restapis') return apis.at(id).settings;
    if (kind === 'apikeys') return keyAt(keys, id);
    if (kind === 'usageplans') return planAt(plans, id).settings;
    throw badRequest('Invalid ARN specified in the request');
  };
  return {
    GetTags({ resourceArn }: Gateway.GetTagsCommandInput) {
      return { tags: taggedAt(resourceArn).tags ?? {} } satisfies Answer<Gateway.GetTagsCommandOutput>;
    },

    TagResource({ resourceArn, tags }: Gateway.TagResourceCommandInput) {
      const tagged = taggedAt(resourceArn);
      tagged.tags = { ...tagged.tags, ...tags };
      return {} satisfies Answer<Gateway.TagResourceCommandOutput>;
    },

    UntagResource({ resourceArn, tagKeys = [] }: Gateway.UntagResourceCommandInput) {
      const tagged = taggedAt(resourceArn);
      tagged.tags = Object.fromEntries(
        Object.entries(tagged.tags ?? {}).filter(([key]) => !tagKeys.includes(key)),
      );
      return {} satisfies Answer<Gateway.UntagResourceCommandOutput>;
    },
  };
}
