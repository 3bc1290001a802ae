import { readFileSync } from 'node:fs';
import {
  Stack,
  Validations,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Check, Declared, Finding } from './check.ts';
import { CHECKS } from './index.ts';
import { Template } from './template.ts';

/** A construct that says what it was declared to be, for the checks that a template alone cannot answer. */
export interface SelfDeclaring extends IConstruct {
  declared(): Declared;
}

const checked = new WeakSet<IConstruct>();

/** Has every stack of the construct's app checked at synth. A stack without an app of its own cannot be. */
export function checkAtSynth(construct: IConstruct): void {
  const { root } = construct.node;
  if (checked.has(root)) return;
  checked.add(root);
  Validations.of(root).addPlugins(new Checks());
}

class Checks implements IPolicyValidationPlugin {
  readonly name = 'Spillway';
  readonly ruleIds = CHECKS.map(({ name }) => name);

  validate({ stackTemplates, appConstruct }: IPolicyValidationContext): PolicyValidationPluginReport {
    const declaring = appConstruct.node.findAll().filter(isSelfDeclaring);
    const violations = stackTemplates.flatMap(({ stackConstructPath, templatePath }) => {
      const deployment = {
        template: new Template(
          JSON.parse(readFileSync(templatePath, 'utf8')) as ConstructorParameters<typeof Template>[0],
        ),
        pipelines: declaring
          .filter((one) => Stack.of(one).node.path === stackConstructPath)
          .map((one) => one.declared()),
      };
      return CHECKS.flatMap((check) =>
        check.find(deployment).map((finding) => violation(check, finding, templatePath)),
      );
    });
    return { success: violations.length === 0, violations };
  }
}

const isSelfDeclaring = (construct: IConstruct): construct is SelfDeclaring => 'declared' in construct;

const violation = (
  check: Check,
  { resource, at, problem, fix }: Finding,
  templatePath: string,
): PolicyViolation => ({
  ruleName: check.name,
  severity: 'error',
  description: `${resource}: ${problem}.`,
  fix,
  violatingResources: [{ resourceLogicalId: resource, locations: [at], templatePath }],
});
