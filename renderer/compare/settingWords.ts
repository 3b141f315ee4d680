import type { ParamValue } from '#core/document/schema.ts';
import { findDefinition } from '#core/nodes/registry.ts';
import { formatValue } from '../text/formatDuration.ts';
import { nodeTexts } from '../messages/nodeTexts.ts';
import { translate } from '../messages/i18n.ts';

/** The label of a parameter of a block kind, in the current language; its name where the kind has no such parameter. */
export function settingLabel(kind: string, name: string): string {
  const spec = findDefinition(kind)?.params[name];
  return spec === undefined ? name : nodeTexts.paramLabel(kind, name, spec);
}

/** The value of a parameter as the inspector shows it; a dash where the block has none. */
export function settingValue(kind: string, name: string, value: ParamValue | null): string {
  if (value === null) return translate('compare.cells.none');
  if (typeof value === 'boolean') return translate(value ? 'compare.cells.on' : 'compare.cells.off');
  if (typeof value === 'number') return exactNumber(value);
  const spec = findDefinition(kind)?.params[name];
  const option = spec?.type === 'choice' ? spec.options.find((each) => each.value === value) : undefined;
  return option === undefined ? value : nodeTexts.option(option);
}

/** All digits of a number; `1e-5` in place of `0.00001`. */
function exactNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-2 ? value.toExponential() : String(value);
}

/** The title of a block kind. */
export function kindTitle(kind: string): string {
  const definition = findDefinition(kind);
  return definition === undefined ? kind : nodeTexts.title(definition);
}

/** `filters 4 → 6` of a parameter that differs. */
export function settingChange(
  kind: string,
  { name, a, b }: { readonly name: string; readonly a: ParamValue | null; readonly b: ParamValue | null },
): string {
  const change = translate('compare.cells.change', {
    a: settingValue(kind, name, a),
    b: settingValue(kind, name, b),
  });
  return translate('compare.cells.setting', { name: settingLabel(kind, name), change });
}

/** A fraction as percent with `digits` significant digits: `1.25 %`. */
export function percent(fraction: number, digits = 3): string {
  return `${formatValue(100 * fraction, digits)} %`;
}

/** `64 × 3 × 3`. */
export function shapeWords(dims: readonly number[]): string {
  return dims.length === 0 ? translate('compare.cells.scalar') : dims.join(' × ');
}
