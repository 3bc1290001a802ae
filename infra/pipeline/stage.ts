import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** What differs between a stage that people rely on and one that is thrown away. */
export interface Stage {
  readonly name: string;
  readonly keepsData: boolean;
  readonly removalPolicy: RemovalPolicy;
  readonly logRetention: RetentionDays;
  /** The default of a consumer's `maxConcurrency`. */
  readonly maxConcurrency: number;
}

/** `production` keeps its data when the stack goes; every other stage vanishes whole. */
export const stageOf = (name: string): Stage =>
  name === 'production'
    ? {
        name,
        keepsData: true,
        removalPolicy: RemovalPolicy.RETAIN,
        logRetention: RetentionDays.THREE_MONTHS,
        maxConcurrency: 50,
      }
    : {
        name,
        keepsData: false,
        removalPolicy: RemovalPolicy.DESTROY,
        logRetention: RetentionDays.ONE_WEEK,
        maxConcurrency: 2,
      };
