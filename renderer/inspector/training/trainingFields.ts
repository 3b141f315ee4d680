import { MOST_VERSIONS } from '#core/document/trainingSettings.ts';
import { LOSS_NUMBERS, lossSchema, type LossSettings } from '#core/losses/registry.ts';
import { MAX_DECAY } from '#core/optimizers/coefficient.ts';
import { LARGEST_RATE } from '#core/rewrites/whatTrains.ts';
import type { Range } from '#core/diagnostics/range.ts';
import { COEFFICIENTS, optimizerSchema, type OptimizerSettings } from '#core/optimizers/registry.ts';
import {
  SCHEDULE_NUMBERS,
  scheduleSchema,
  type ScheduleSettings,
} from '#core/optimizers/schedules/registry.ts';

/** One number of the training settings: its path and its limits. The limits are the schema's. */
export interface NumberSetting extends Range {
  readonly name: string;
}

export const RUN_NUMBERS = [
  { name: 'epochs', min: 1, max: 100_000, integer: true },
  { name: 'batchSize', min: 1, max: 65_536, integer: true },
] as const satisfies readonly NumberSetting[];

export const RATE_NUMBERS = [
  { name: 'learningRate', min: 0, exclusiveMin: true },
] as const satisfies readonly NumberSetting[];

export const WARMUP_NUMBERS = [
  { name: 'warmupSteps', min: 0, integer: true },
] as const satisfies readonly NumberSetting[];

export const REGULARIZATION_NUMBERS = [
  { name: 'l1', min: 0 },
  { name: 'l2', min: 0 },
  { name: 'labelSmoothing', min: 0, max: 0.999 },
] as const satisfies readonly NumberSetting[];

export const MACHINE_NUMBERS = [
  { name: 'seed', min: 0, max: 0xffff_ffff, integer: true },
  { name: 'threads', min: 0, max: 256, integer: true },
] as const satisfies readonly NumberSetting[];

export const UPDATE_NUMBERS = [
  { name: 'accumulate', min: 1, max: 4096, integer: true },
] as const satisfies readonly NumberSetting[];

/** Rates of the trunk, which are stored in its blocks. */
export const TRUNK_RATE: NumberSetting = { name: 'trunkRate', min: 0, exclusiveMin: true, max: LARGEST_RATE };
export const LAYER_DECAY: NumberSetting = { name: 'layerDecay', min: 0, exclusiveMin: true, max: 1 };

/** Settings that are absent at 0. */
export const TUNING_NUMBERS = {
  headEpochs: { name: 'headEpochs', min: 0, max: 100_000, integer: true },
  featureVersions: { name: 'featureVersions', min: 0, max: MOST_VERSIONS, integer: true },
} as const satisfies Readonly<Record<string, NumberSetting>>;

export const CLIP_LIMIT: NumberSetting = { name: 'clipLimit', min: 0, exclusiveMin: true };
export const AVERAGE_DECAY: NumberSetting = { name: 'averageDecay', min: 0, max: MAX_DECAY };

/** The numbers that an optimizer or a schedule has, with their values. */
export function coefficientsOf(
  part: OptimizerSettings | ScheduleSettings,
): readonly { readonly setting: NumberSetting; readonly value: number }[] {
  return Object.entries(part).flatMap(([name, value]) => {
    const setting = numberOf(name);
    return setting && typeof value === 'number' ? [{ setting, value }] : [];
  });
}

function numberOf(name: string): NumberSetting | undefined {
  const coefficient = COEFFICIENTS.get(name);
  const range = coefficient?.type === 'number' ? coefficient : SCHEDULE_NUMBERS.get(name);
  return range && { ...range, name };
}

/** The switches that an optimizer has, with their values. */
export function flagsOf(
  part: OptimizerSettings,
): readonly { readonly name: string; readonly value: boolean }[] {
  return Object.entries(part).flatMap(([name, value]) =>
    typeof value === 'boolean' ? [{ name, value }] : [],
  );
}

/** An optimizer of another kind, with its defaults. */
export function optimizerOf(kind: OptimizerSettings['kind']): OptimizerSettings {
  return optimizerSchema.parse({ kind });
}

/** A schedule of another kind, with its defaults. */
export function scheduleOf(kind: ScheduleSettings['kind']): ScheduleSettings {
  return scheduleSchema.parse({ kind });
}

/** `part` with one of its fields changed; unchanged when the schema refuses the value. */
export function withOptimizerField(
  part: OptimizerSettings,
  name: string,
  value: number | boolean,
): OptimizerSettings {
  const parsed = optimizerSchema.safeParse({ ...part, [name]: value });
  return parsed.success ? parsed.data : part;
}
export function withScheduleField(part: ScheduleSettings, name: string, value: number): ScheduleSettings {
  const parsed = scheduleSchema.safeParse({ ...part, [name]: value });
  return parsed.success ? parsed.data : part;
}

/** The numbers of a loss: their names among all settings, their fields in the loss, and their values. */
export function lossNumbersOf(
  part: LossSettings,
): readonly { readonly field: string; readonly setting: NumberSetting; readonly value: number }[] {
  return Object.entries(part).flatMap(([field, value]) => {
    const found = LOSS_NUMBERS.find((number) => number.kind === part.kind && number.field === field);
    return found && typeof value === 'number'
      ? [{ field, setting: { ...found.number, name: found.name }, value }]
      : [];
  });
}
export function withLossField(part: LossSettings, field: string, value: number): LossSettings {
  const parsed = lossSchema.safeParse({ ...part, [field]: value });
  return parsed.success ? parsed.data : part;
}
