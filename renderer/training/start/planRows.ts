import type { GroupSplit, Preparation } from '#core/contract/dataPlan.ts';
import { lostColour, type InputDecision, type SizeVote } from '#core/contract/inputVote.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { inWords } from '../../messages/inWords.ts';
import { visibleName } from '../../text/visibleName.ts';
import type { RunPlan } from '../../runs/workflow.ts';

/** One line of the plan: the message of its label, and that of its value with its parameters. */
interface PlanRow {
  readonly name:
    | 'images'
    | 'classes'
    | 'input'
    | 'colour'
    | 'resize'
    | 'normalization'
    | 'table'
    | 'groups'
    | 'steps'
    | 'total'
    | 'lastBatch'
    | 'precision'
    | 'memory';
  /** Key under `training.plan`; null for a plain value. */
  readonly message: string | null;
  readonly values: Readonly<Record<string, string>>;
}

interface PlanFormats {
  count(value: number): string;
  bytes(value: number): string;
  /** Text of a remainder policy. */
  policy(value: TrainingSettings['remainder']): string;
}

/** What a start will do, line by line. */
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
    ...dataRows(plan.data, format),
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

/** The decisions about the data: the input beside the sizes and colours of the images, the table, the groups. */
function dataRows(data: RunPlan['data'], format: PlanFormats): PlanRow[] {
  if (data === undefined) return [];
  const { input, table, groups, preparation } = data;
  return [
    ...(input === null ? [] : inputRows(input, format)),
    ...(preparation === undefined ? [] : preparationRows(preparation)),
    ...(table === null
      ? []
      : [
          {
            name: 'table' as const,
            message: table.labelColumns.length === 1 ? 'tableValue' : 'tableOneHot',
            values: {
              files: visibleName(inWords(table.fileColumn)),
              classes: visibleName(inWords(table.labelColumns)),
            },
          },
        ]),
    ...(groups === null ? [] : [groupRow(groups, format)]),
  ];
}

function inputRows(input: InputDecision, { count }: PlanFormats): PlanRow[] {
  const { channels, height, width, vote } = input;
  const grey = vote.images - vote.colourImages;
  const message =
    lostColour(input) > 0
      ? 'colourLost'
      : grey === 0
        ? 'colourAll'
        : grey === vote.images
          ? 'colourNone'
          : 'colourSome';
  const range = ({ least, most }: SizeVote): string => (least === most ? String(least) : `${least}–${most}`);
  return [
    {
      name: 'input',
      message: 'inputValue',
      values: {
        shape: `${channels} × ${height} × ${width}`,
        sizes: `${range(vote.height)} × ${range(vote.width)}`,
      },
    },
    {
      name: 'colour',
      message,
      values: { colour: count(vote.colourImages), grey: count(grey), all: count(vote.images) },
    },
  ];
}

function preparationRows({
  resize,
  cropFraction,
  normalization,
  channelOrder,
}: Preparation): readonly PlanRow[] {
  const isReversed = channelOrder === 'bgr';
  const numbers = {
    mean: normalization?.mean.join(', ') ?? '',
    deviation: normalization?.deviation.join(', ') ?? '',
  };
  return [
    { name: 'resize', message: `resizes.${resize}`, values: { fraction: String(cropFraction ?? '') } },
    {
      name: 'normalization',
      message: `${normalization === undefined ? 'measured' : 'fixed'}${isReversed ? 'Reversed' : ''}`,
      values: normalization === undefined ? {} : numbers,
    },
  ];
}

function groupRow({ groups, validationGroups, share, asked }: GroupSplit, { count }: PlanFormats): PlanRow {
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  return {
    name: 'groups',
    message: 'groupsValue',
    values: {
      validation: count(validationGroups),
      all: count(groups),
      share: percent(share),
      asked: percent(asked),
    },
  };
}
