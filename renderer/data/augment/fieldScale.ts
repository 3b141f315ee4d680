import type { NumberField } from '#core/augment/definition.ts';

interface Scale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Range and step of a field's slider; a shift in pixels has integer steps. */
export function scaleOf(name: string, field: NumberField, unit: string | number | undefined): Scale {
  if (name === 'shift' && unit === 'px' && field.unit === 'none') return { min: 0, max: 32, step: 1 };
  const { min, max } = field;
  if (field.slider !== undefined)
    return { min, max: Math.min(max, field.slider.max), step: field.slider.step };
  return { min, max, step: field.type === 'int' ? 1 : 0.01 };
}

/** The value with its unit, as shown beside the slider. */
export function shownValue(
  name: string,
  field: NumberField,
  value: number,
  unit: string | number | undefined,
): string {
  const rounded = Number(value.toFixed(3));
  if (name === 'shift' && field.unit === 'none')
    return unit === 'px' ? `${rounded} px` : `${percent(value)} %`;
  switch (field.unit) {
    case 'px':
      return `${rounded} px`;
    case 'degrees':
      return `${rounded}°`;
    case 'fraction':
      return `${percent(value)} %`;
    case 'factor':
      return `× ${rounded}`;
    case 'bits':
    case 'none':
      return String(rounded);
  }
}

function percent(share: number): number {
  return Number((share * 100).toFixed(1));
}
