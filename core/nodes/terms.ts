import type { Term } from '../words/message.ts';
import type { NodeDefinition } from './definition.ts';
import type { ChoiceOption, ParamSpec } from './paramSpec.ts';

type Titled = Pick<NodeDefinition, 'kind' | 'title'>;

/** The title of a block kind, for a message. */
export function titleOf({ kind, title }: Titled): Term {
  return { terms: [`kinds.${kind}.title`], english: title };
}

/** The help text of a block kind. */
export function helpOf({ kind, help }: Pick<NodeDefinition, 'kind' | 'help'>): Term {
  return { terms: [`kinds.${kind}.help`], english: help };
}

/** The label of a parameter; a translation has it by kind, or for all kinds with a parameter of that name. */
export function labelOf(kind: string, name: string, { label }: Pick<ParamSpec, 'label'>): Term {
  return { terms: paramTerms(kind, name, 'label'), english: label };
}

/** The help text of a parameter. */
export function paramHelpOf(kind: string, name: string, { help }: Pick<ParamSpec, 'help'>): Term {
  return { terms: paramTerms(kind, name, 'help'), english: help };
}

/** A parameter by its name in project files; in a translation, by its label. */
export function paramOf(kind: string, name: string): Term {
  return { terms: paramTerms(kind, name, 'label'), english: name };
}

/** The label of a choice. */
export function optionOf({ value, label }: Pick<ChoiceOption, 'value' | 'label'>): Term {
  return { terms: [`options.${value}`], english: label };
}

/** The help text of a choice; empty where the label suffices. */
export function optionHelpOf(option: ChoiceOption | undefined): Term {
  return option?.help === undefined
    ? { terms: [], english: '' }
    : { terms: [`optionHelps.${option.value}`], english: option.help };
}

/** The name of a block in messages: the user's label, or the title of its kind. */
export function nameOf(node: { readonly name: string; readonly definition: Titled }): Term | string {
  return node.name === node.definition.title ? titleOf(node.definition) : node.name;
}

function paramTerms(kind: string, name: string, part: 'label' | 'help'): readonly string[] {
  return [`kinds.${kind}.params.${name}.${part}`, `params.${name}.${part}`];
}
