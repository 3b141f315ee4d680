import type { PolicyRow } from '#core/training/policyRows.ts';
import { table } from './output.ts';

const HEADER = [
  'policy',
  'best val',
  'epoch',
  'correct',
  '95 % interval',
  'last loss',
  'test',
  'statistics moved',
  'seconds',
] as const;

/** The table of a comparison of policies. Accuracies are in percent, moved statistics in deviations of the start. */
export function policyTable(rows: readonly PolicyRow[]): string {
  return table(
    HEADER,
    rows.map(({ policy, validation, loss, test, moved, seconds }) => [
      policy === 'start' ? 'as it came' : policy,
      validation === null ? '-' : percent(validation.accuracy),
      validation === null || validation.epoch === 0 ? '-' : String(validation.epoch),
      validation === null ? '-' : `${validation.correct} of ${validation.images}`,
      validation === null ? '-' : `${percent(validation.low)} to ${percent(validation.high)}`,
      loss === null ? '-' : loss.toFixed(4),
      test === null ? '-' : `${percent(test.accuracy)} of ${test.images}`,
      moved === null ? '-' : `${moved.deviations.toPrecision(3)} (${moved.node})`,
      seconds === null ? '-' : seconds.toFixed(1),
    ]),
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
