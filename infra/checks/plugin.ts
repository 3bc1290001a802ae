import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const declaring = context.appConstruct.node.findAll().filter(isSelfDeclaring);
    const violations = stacksOf(context).flatMap(({ stack, templatePath }) => {
      const deployment = {
        template: new Template(
          JSON.parse(readFileSync(templatePath, 'utf8')) as ConstructorParameters<typeof Template>[0],
        ),
        pipelines: declaring.filter((one) => Stack.of(one) === stack).map((one) => one.declared()),
      };
      return CHECKS.flatMap((check) =>
        check.find(deployment).map((finding) => violation(check, finding, templatePath)),
      );
    });
    return { success: violations.length === 0, violations };
  }
}

/** The stacks of an app and their templates. CDK names no nested ones; their templates lie beside the outermost one's. */
function stacksOf({ stackTemplates, appConstruct }: IPolicyValidationContext) {
  const paths = new Map(
    stackTemplates.map(({ stackConstructPath, templatePath }) => [stackConstructPath, templatePath]),
  );
  return appConstruct.node
    .findAll()
    .filter((construct) => Stack.isStack(construct))
    .flatMap((stack) => {
      const outermost = paths.get(outermostOf(stack).node.path);
      return outermost === undefined
        ? []
        : [{ stack, templatePath: stack.nested ? join(dirname(outermost), stack.templateFile) : outermost }];
    });
}

const outermostOf = (stack: Stack): Stack =>
  stack.nestedStackParent ? outermostOf(stack.nestedStackParent) : stack;

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
