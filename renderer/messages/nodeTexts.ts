import type { DiagnosticCode } from '#core/diagnostics/codes.ts';
import { presetHelpOf, presetTitleOf, type BatchNormPresetName } from '#core/nodes/batchNormPresets.ts';
import type { Family, NodeDefinition } from '#core/nodes/definition.ts';
import type { ChoiceOption, ParamSpec } from '#core/nodes/paramSpec.ts';
import { helpOf, labelOf, optionHelpOf, optionOf, paramHelpOf, titleOf } from '#core/nodes/terms.ts';
import type { TemplateTexts } from '#core/templates/template.ts';
import { templateDescriptionOf, templateTitleOf } from '#core/templates/templates.ts';
import type { MessageValue } from '#core/words/message.ts';
import { translate } from './i18n.ts';
import { inWords } from './inWords.ts';

const BETWEEN = ' · ';

/** Texts of blocks in the current language; reactive where they are read in a template or a computed. */
export const nodeTexts = {
  family: (family: Family): string => translate(`nodes.families.${family}`),
  title: (definition: Pick<NodeDefinition, 'kind' | 'title'>): string => inWords(titleOf(definition)),
  help: (definition: NodeDefinition): string => inWords(helpOf(definition)),
  paramLabel: (kind: string, name: string, spec: ParamSpec): string => inWords(labelOf(kind, name, spec)),
  paramHelp: (kind: string, name: string, spec: ParamSpec): string => inWords(paramHelpOf(kind, name, spec)),
  option: (option: Pick<ChoiceOption, 'value' | 'label'>): string => inWords(optionOf(option)),
  /** Help for the selected option; empty where its name needs none. */
  optionHelp: (option: ChoiceOption | undefined): string => inWords(optionHelpOf(option)),
  presetTitle: (name: BatchNormPresetName): string => inWords(presetTitleOf(name)),
  presetHelp: (name: BatchNormPresetName): string => inWords(presetHelpOf(name)),
  /** The line of parameters on a block's card. */
  summary: (phrases: readonly MessageValue[]): string => phrases.map(inWords).join(BETWEEN),
  templateTitle: (template: TemplateTexts): string => inWords(templateTitleOf(template)),
  templateDescription: (template: TemplateTexts): string => inWords(templateDescriptionOf(template)),
  diagnostic: (code: DiagnosticCode): string => translate(`nodes.diagnostics.${code}`),
};
