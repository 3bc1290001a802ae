import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { Shop } from '../../infra/shop.ts';
import { context } from './shopfront/index.ts';

it.each(['dev', 'production'])('the shop keeps the rules of AWS Solutions in stage %s', (stage) => {
  const app = new App({ context });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const shop = new Shop(app, `shop-${stage}`, { stage, alarmEmail: 'oncall@example.com' });
  expect(shop.node.tryFindChild('Shop')).toBeDefined();
  expect(() => app.synth()).not.toThrow();
});
