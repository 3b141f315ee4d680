import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import type { RunPlan } from '../runs/workflow.ts';

/** One line of the plan: the message of its label, and that of its value with what goes into it. */
export interface PlanRow {
  readonly name: 'images' | 'classes' | 'steps' | 'total' | 'lastBatch' | 'precision' | 'memory';
  /** Key under `training.plan`; null for a bare value. */
  readonly message: string | null;
  readonly values: Readonly<Record<string, string>>;
}

export interface PlanFormats {
  count(value: number): string;
  bytes(value: number): string;
  /** Words of a remainder policy. */
  policy(value: TrainingSettings['remainder']): string;
}

/** What a start is about to do, line by line. */
export function planRows(plan: RunPlan, settings: TrainingSettings, format: PlanFormats): PlanRow[] {
  const { count } = format;
  const isFull = plan.lastBatch === settings.batchSize;
  return [
    {
      name: 'images',
      message: 'imagesValue',
      values: { train: count(plan.trainImages), validation: count(plan.validationImages) },
    },
    { name: 'classes', message: null, values: { value: count(plan.classes.length) } },
    { name: 'steps', message: null, values: { value: count(plan.stepsPerEpoch) } },
    {
      name: 'total',
      message: 'totalValue',
      values: { steps: count(plan.stepsPerEpoch * settings.epochs), epochs: count(settings.epochs) },
    },
    {
      name: 'lastBatch',
      message: isFull ? 'lastBatchFull' : 'lastBatchValue',
      values: {
        last: count(plan.lastBatch),
        batch: count(settings.batchSize),
        policy: format.policy(settings.remainder),
      },
    },
    {
      name: 'precision',
      message: 'precisionValue',
      values: { precision: plan.precision, threads: count(plan.threads) },
    },
    { name: 'memory', message: 'memoryValue', values: { size: format.bytes(plan.memoryBytes) } },
  ];
}
