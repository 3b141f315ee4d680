import type { StatisticsPass } from '#core/batchnorm/statisticsPass.ts';
import type { BlockError, RecalibratedModel } from './recalibrateModel.ts';

type Judged = NonNullable<StatisticsPass['judged']>;

/** The record of a pass, for the file and the screen. Of each evaluation only loss and accuracy are kept. */
export function passOf(
  exact: Omit<RecalibratedModel, 'state'>,
  over: NonNullable<StatisticsPass['over']>,
  judged: Judged | null,
): StatisticsPass {
  const { batches, ofBatches, images, passes, blockErrors } = exact;
  const errors = blockErrors.map(({ node, typical, worst }) => ({
    node,
    typical: finite(typical),
    worst: finite(worst),
  }));
  const short = ({ loss, accuracy }: Judged['before']): Judged['before'] => ({ loss, accuracy });
  return {
    ...{ batches, ofBatches, images, over, passes, errors },
    judged: judged && { on: judged.on, before: short(judged.before), after: short(judged.after) },
  };
}

/** JSON has no NaN. */
function finite({ mean, variance }: BlockError['typical']): StatisticsPass['errors'][number]['typical'] {
  const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return { mean: orNull(mean), variance: orNull(variance) };
}
