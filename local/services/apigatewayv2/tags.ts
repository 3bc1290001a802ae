/** Tags of APIs and stages, by ARN. */
import type * as Gateway from '@aws-sdk/client-apigatewayv2';
import type { Answer } from '../../service.ts';
import { badRequest } from '../apigateway/errors.ts';
import type { Apis } from './api.ts';

interface Tagged {
  Tags?: Record<string, string> | undefined;
}

export function tagging(apis: Apis) {
  /** `arn:aws:apigateway:eu-west-1::/apis/ID/stages/NAME` */
  const taggedAt = (arn = ''): Tagged => {
    const [, id, stage] =
      /^arn:[\w-]+:apigateway:[\w-]+::\/apis\/([^/]+)(?:\/stages\/([^/]+))?$/.exec(arn) ?? [];
    if (id === undefined) throw badRequest('Invalid ARN specified in the request');
    const api = apis.at(id);
    return stage === undefined ? api.settings : apis.stageAt(api, decodeURIComponent(stage));
  };
  return {
    GetTags({ ResourceArn }: Gateway.GetTagsCommandInput) {
      return { Tags: taggedAt(ResourceArn).Tags ?? {} } satisfies Answer<Gateway.GetTagsCommandOutput>;
    },

    TagResource({ ResourceArn, Tags }: Gateway.TagResourceCommandInput) {
      const tagged = taggedAt(ResourceArn);
      tagged.Tags = { ...tagged.Tags, ...Tags };
      return {} satisfies Answer<Gateway.TagResourceCommandOutput>;
    },

    UntagResource({ ResourceArn, TagKeys = [] }: Gateway.UntagResourceCommandInput) {
      const tagged = taggedAt(ResourceArn);
      tagged.Tags = Object.fromEntries(
        Object.entries(tagged.Tags ?? {}).filter(([key]) => !TagKeys.includes(key)),
      );
      return {} satisfies Answer<Gateway.UntagResourceCommandOutput>;
    },
  };
}
