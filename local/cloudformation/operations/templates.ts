/** Templates, before and after they were deployed. */
import type * as CFN from '@aws-sdk/client-cloudformation';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { findStack, type Engine } from '../engine.ts';
import { neededCapabilities, templateText } from '../prepare.ts';
import { checkReferences } from '../references.ts';
import { invalid, parseTemplate, type Template } from '../template.ts';
import { existingChangeSet } from './change-sets.ts';

export const templateOperations = (started: () => Promise<Engine>, world: World) => ({
  /** Without transforms both stages are the same. */
  async GetTemplate({ StackName, ChangeSetName }: CFN.GetTemplateCommandInput) {
    const engine = await started();
    const StagesAvailable: CFN.TemplateStage[] = ['Original', 'Processed'];
    if (ChangeSetName !== undefined) {
      const [, { text }] = existingChangeSet(engine, {
        ChangeSetName,
        ...(StackName === undefined ? {} : { StackName }),
      });
      return { TemplateBody: text, StagesAvailable } satisfies Answer<CFN.GetTemplateCommandOutput>;
    }
    const stack = findStack(engine, StackName);
    if (!stack) throw invalid(`Stack with id ${StackName} does not exist`);
    return {
      TemplateBody: stack.blueprint?.text ?? '',
      StagesAvailable,
    } satisfies Answer<CFN.GetTemplateCommandOutput>;
  },

  async GetTemplateSummary(input: CFN.GetTemplateSummaryCommandInput, call: Call) {
    const stack = findStack(await started(), input.StackName);
    if (input.StackName !== undefined && !stack)
      throw invalid(`Stack with id ${input.StackName} does not exist`);
    const text = stack?.blueprint?.text ?? (await templateText(input, undefined, world, call.principal));
    const template = parseTemplate(text);
    const { capabilities, reason } = neededCapabilities(template);
    return {
      ...described(template),
      ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
      ...(template.Metadata ? { Metadata: JSON.stringify(template.Metadata) } : {}),
      ...(capabilities.length > 0 ? { Capabilities: capabilities, CapabilitiesReason: reason! } : {}),
    } satisfies Answer<CFN.GetTemplateSummaryCommandOutput>;
  },

  async ValidateTemplate(input: CFN.ValidateTemplateCommandInput, call: Call) {
    const template = parseTemplate(await templateText(input, undefined, world, call.principal));
    checkReferences(template);
    const { capabilities, reason } = neededCapabilities(template);
    return {
      ...described(template),
      ...(capabilities.length > 0 ? { Capabilities: capabilities, CapabilitiesReason: reason! } : {}),
    } satisfies Answer<CFN.ValidateTemplateCommandOutput>;
  },
});

const described = ({ Description, Parameters }: Template) => ({
  ...(Description === undefined ? {} : { Description }),
  Parameters: Object.entries(Parameters).map(([ParameterKey, { Type, Default, NoEcho, Description }]) => ({
    ParameterKey,
    ParameterType: Type,
    NoEcho: String(NoEcho) === 'true',
    ...(Default === undefined ? {} : { DefaultValue: String(Default) }),
    ...(Description === undefined ? {} : { Description }),
  })),
});
