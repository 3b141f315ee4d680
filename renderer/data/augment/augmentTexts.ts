import type { Field } from '#core/augment/definition.ts';
import { transformOf, type TransformName } from '#core/augment/registry.ts';
import { i18n } from '../../messages/i18n.ts';

/** The current language's text under `key`, else the English one of the definition. */
function pick(key: string, own: string): string {
  return i18n.global.te(key, i18n.global.locale.value) ? i18n.global.t(key) : own;
}

/** Texts of transforms in the current language; reactive where they are read in a template or a computed. */
export const augmentTexts = {
  title: (name: TransformName): string => pick(`augment.transforms.${name}.title`, transformOf(name).title),
  help: (name: TransformName): string => pick(`augment.transforms.${name}.help`, transformOf(name).help),
  label: (name: TransformName, field: string, { label }: Field): string =>
    pick(`augment.transforms.${name}.fields.${field}.label`, pick(`augment.fields.${field}.label`, label)),
  fieldHelp: (name: TransformName, field: string, { help }: Field): string =>
    pick(`augment.transforms.${name}.fields.${field}.help`, pick(`augment.fields.${field}.help`, help)),
  option: ({ value, label }: { readonly value: string; readonly label: string }): string =>
    pick(`augment.options.${value}`, label),
};
