import { numberIn } from '../../diagnostics/range.ts';
import { defineSchedule } from './definition.ts';

const everyEpochs = { min: 1, integer: true } as const;
const factor = { min: 0, exclusiveMin: true, max: 1 } as const;

/** `factor ^ floor(epochsDone / everyEpochs)`, as torch.optim.lr_scheduler.StepLR. */
export const step = defineSchedule({
  kind: 'step',
  settings: { everyEpochs: numberIn(everyEpochs).default(10), factor: numberIn(factor).default(0.1) },
  numbers: { everyEpochs, factor },
  spansTheRun: false,
  factor: (settings, { epochsDone }) => settings.factor ** Math.floor(epochsDone / settings.everyEpochs),
});
