import {
  MAX_DECAY,
  optimizerSchema,
  scheduleSchema,
  type OptimizerSettings,
  type ScheduleSettings,
  type TrainingSettings,
} from '#core/document/trainingSettings.ts';

/** One number among the training settings: where it stands, its limits. The limits are the schema's. */
export interface NumberSetting {
  readonly name: string;
  readonly min: number;
  readonly max?: number;
  readonly integer?: boolean;
  readonly exclusiveMin?: boolean;
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

export const CLIP_LIMIT: NumberSetting = { name: 'clipLimit', min: 0, exclusiveMin: true };
export const AVERAGE_DECAY: NumberSetting = { name: 'averageDecay', min: 0, max: MAX_DECAY };
export const FOCAL_GAMMA: NumberSetting = { name: 'focalGamma', min: 0, max: 100 };
export const FOCAL_ALPHA: NumberSetting = { name: 'focalAlpha', min: 0, max: 1 };

const COEFFICIENTS: Readonly<Record<string, NumberSetting>> = {
  momentum: { name: 'momentum', min: 0, max: 1 },
  alpha: { name: 'alpha', min: 0, max: 1 },
  beta1: { name: 'beta1', min: 0, max: MAX_DECAY },
  beta2: { name: 'beta2', min: 0, max: MAX_DECAY },
  epsilon: { name: 'epsilon', min: 0, exclusiveMin: true },
  everyEpochs: { name: 'everyEpochs', min: 1, integer: true },
  factor: { name: 'factor', min: 0, max: 1, exclusiveMin: true },
  finalFraction: { name: 'finalFraction', min: 0, max: 1 },
  riseFraction: { name: 'riseFraction', min: 0, max: 1 },
  startDivisor: { name: 'startDivisor', min: 0, exclusiveMin: true },
  finalDivisor: { name: 'finalDivisor', min: 0, exclusiveMin: true },
};

/** The numbers that an optimizer or a schedule has, with their values. */
export function coefficientsOf(
  part: OptimizerSettings | ScheduleSettings,
): readonly { readonly setting: NumberSetting; readonly value: number }[] {
  return Object.entries(part).flatMap(([name, value]) => {
    const setting = COEFFICIENTS[name];
    return setting && typeof value === 'number' ? [{ setting, value }] : [];
  });
}

/** An optimizer of another kind, at its defaults. */
export function optimizerOf(kind: OptimizerSettings['kind']): OptimizerSettings {
  return optimizerSchema.parse({ kind });
}

/** A schedule of another kind, at its defaults. */
export function scheduleOf(kind: ScheduleSettings['kind']): ScheduleSettings {
  return scheduleSchema.parse({ kind });
}

/** `part` with one of its fields set; what the schema refuses leaves it as it was. */
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

export type TrainingPatch = Partial<TrainingSettings>;
