/**
 * The CDK app. `-c stage=production` keeps its data, every other stage (`dev` unless told otherwise) vanishes whole;
 * `-c alarmEmail=…` is told about alarms.
 */
import { App } from 'aws-cdk-lib';
import { Shop } from './shop.ts';

const app = new App();
const context = (key: string): string | undefined => app.node.tryGetContext(key) as string | undefined;

try {
  const stage = context('stage') ?? 'dev';
  new Shop(app, `shop-${stage}`, { stage, alarmEmail: context('alarmEmail') });
} catch (error) {
  // What is wrong with the pipeline is for whoever declared it: the message says it, a stack trace would hide it.
  console.error(`Error: ${(error as Error).message}`);
  process.exit(1);
}
