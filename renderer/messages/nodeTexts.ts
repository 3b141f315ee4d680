import type { DiagnosticCode } from '#core/diagnostics/codes.ts';
import type { BatchNormPresetName } from '#core/nodes/batchNormPresets.ts';
import { BATCH_NORM_PRESETS } from '#core/nodes/batchNormPresets.ts';
import type { Family, NodeDefinition } from '#core/nodes/definition.ts';
import type { ChoiceOption, ParamSpec } from '#core/nodes/paramSpec.ts';
import { i18n } from './i18n.ts';
import { summaryWords } from './summaryWords.ts';

/** The first of `keys` that the current language has, else `own`, the English text of the definition itself. */
function pick(keys: readonly string[], own: string): string {
  const found = keys.find((key) => i18n.global.te(key, i18n.global.locale.value));
  return found === undefined ? own : i18n.global.t(found);
}

interface TemplateTexts {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** Texts of blocks in the current language; reactive where they are read in a template or a computed. */
export const nodeTexts = {
  family: (family: Family): string => pick([`nodes.families.${family}`], family),
  title: (definition: Pick<NodeDefinition, 'kind' | 'title'>): string =>
    pick([`nodes.kinds.${definition.kind}.title`], definition.title),
  help: (definition: NodeDefinition): string =>
    pick([`nodes.kinds.${definition.kind}.help`], definition.help),
  paramLabel: (kind: string, name: string, spec: ParamSpec): string =>
    pick([`nodes.kinds.${kind}.params.${name}.label`, `nodes.params.${name}.label`], spec.label),
  paramHelp: (kind: string, name: string, spec: ParamSpec): string =>
    pick([`nodes.kinds.${kind}.params.${name}.help`, `nodes.params.${name}.help`], spec.help),
  option: (option: { readonly value: string; readonly label: string }): string =>
    pick([`nodes.options.${option.value}`], option.label),
  /** What the chosen option means, or nothing where its name says it all. */
  optionHelp: (option: ChoiceOption | undefined): string =>
    option?.help === undefined ? '' : pick([`nodes.optionHelps.${option.value}`], option.help),
  presetTitle: (name: BatchNormPresetName): string =>
    pick([`nodes.presets.${name}.title`], BATCH_NORM_PRESETS[name].title),
  presetHelp: (name: BatchNormPresetName): string =>
    pick([`nodes.presets.${name}.help`], BATCH_NORM_PRESETS[name].help),
  /** The one line of parameters on a block's card. */
  summary: (own: string): string => summaryWords(own, i18n.global.tm('nodes.summaries')),
  templateTitle: ({ name, title }: TemplateTexts): string => pick([`nodes.templates.${name}.title`], title),
  templateDescription: ({ name, description }: TemplateTexts): string =>
    pick([`nodes.templates.${name}.description`], description),
  diagnostic: (code: DiagnosticCode): string => pick([`nodes.diagnostics.${code}`], code),
};
