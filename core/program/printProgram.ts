import { must } from '../diagnostics/invariantError.ts';
import type { Instruction, InstructionOf, LossForward, NormalizeInput, RenormBounds } from './instruction.ts';
import { operandsOf } from './operands.ts';
import type { OptimizerPlan } from './optimizer.ts';
import type { PadBackward, PadForward } from './imageInstructions.ts';
import type { Program } from './program.ts';
import type { ParameterSlot, StateLayout, StatisticSlot } from './stateLayout.ts';
import type { TensorId, TensorKind } from './tensor.ts';

/**
 * Returns a program as text, one instruction per line: the tensors it writes, its op, the tensors it reads, its
 * attributes. A tensor of the arena is `%id`, with its name and the shape of one sample where it is written; all others
 * are shown by name. `-` is an absent operand.
 */
export function printProgram(program: Program): string {
  return [
    ...headerLines(program),
    ...stateLines(program.state),
    ...program.instructions.map((instruction) => instructionLine(program, instruction)),
    ...(program.optimizer === null ? [] : [optimizerLine(program.optimizer)]),
  ].join('\n');
}

function headerLines(program: Program): string[] {
  const { mode, inputType, inputShape, classes, outputs } = program;
  const results = [`logits ${reference(program, outputs.logits)}`];
  if (outputs.inputGradient !== null)
    results.push(`inputGradient ${reference(program, outputs.inputGradient)}`);
  for (const { node, value, gradient } of outputs.taps) {
    results.push(`tap of ${node} ${reference(program, value)}`);
    if (gradient !== null) results.push(`its gradient ${reference(program, gradient)}`);
  }
  return [
    `${mode} ${inputType} [${inputShape.join('x')}] -> ${String(classes)} classes; ${results.join(', ')}`,
  ];
}

function stateLines(state: StateLayout): string[] {
  const sizes = `state ${String(state.totalSize)} = ${String(state.parameterSize)} parameters, ${String(state.statisticsSize)} statistics, ${String(state.moments)} moments${state.averageOffset === undefined ? '' : ', averages'}`;
  return [sizes, ...state.parameters.map(parameterLine), ...state.statistics.map(slotLine)];
}

function parameterLine(slot: ParameterSlot): string {
  const flags = [
    ...(slot.trainable ? [] : ['frozen']),
    ...(slot.decayed ? ['decayed'] : []),
    ...(slot.startsAfter === undefined ? [] : [`from update ${number(slot.startsAfter + 1)}`]),
    ...(slot.rateFactor === 1 ? [] : [`rate x${number(slot.rateFactor)}`]),
  ];
  return [slotLine(slot), ...flags].join(' ');
}

function slotLine(slot: ParameterSlot | StatisticSlot): string {
  return `  @${String(slot.offset)} ${slot.name} [${slot.dims.join('x')}]`;
}

function instructionLine(program: Program, instruction: Instruction): string {
  const operands = operandsOf(instruction);
  const present = (id: TensorId | null): id is TensorId => id !== null;
  const written = operands.filter(({ access }) => access !== 'read').flatMap(({ tensors }) => tensors);
  const read = operands.filter(({ access }) => access === 'read').flatMap(({ tensors }) => tensors);
  const results = written.filter(present).map((id) => definition(program, id));
  const sources = read.map((id) => (id === null ? '-' : reference(program, id)));
  const words = [results.join(', '), '=', instruction.op, ...sources, ...attributes(instruction)];
  return words.join(' ');
}

const ARENA: ReadonlySet<TensorKind> = new Set<TensorKind>(['activation', 'gradient', 'saved']);

function reference(program: Program, id: TensorId): string {
  const { kind, name } = must(program.tensors[id], `tensor ${String(id)}`);
  return ARENA.has(kind) ? `%${String(id)}` : name;
}

function definition(program: Program, id: TensorId): string {
  const { kind, name, dims } = must(program.tensors[id], `tensor ${String(id)}`);
  return ARENA.has(kind) ? `%${String(id)} ${name} [${dims.join('x')}]` : name;
}

/** Attributes as text. Window attributes are printed only where they differ from the defaults. */
function attributes(instruction: Instruction): string[] {
  switch (instruction.op) {
    case 'normalizeInput':
      return inputAttributes(instruction);
    case 'batchNormForward':
    case 'batchNormBackward':
      return [
        `by ${instruction.normalizeBy}`,
        `eps ${number(instruction.epsilon)}`,
        ...(instruction.fusedActivation === null ? [] : [`+${instruction.fusedActivation}`]),
      ];
    case 'ghostNormForward':
      return [
        `groups of ${String(instruction.groupSize)}`,
        `eps ${number(instruction.epsilon)}`,
        ...ramps(instruction),
      ];
    case 'ghostNormBackward':
      return [`groups of ${String(instruction.groupSize)}`];
    case 'updateStatistics':
      return [
        instruction.averaging === 'cumulative' ? 'cumulative' : `decay ${number(instruction.decay)}`,
        instruction.estimator,
        `m ${String(instruction.valuesPerSample)}N`,
      ];
    case 'activationForward':
    case 'activationBackward':
      return [instruction.fn, ...(instruction.alpha === 0 ? [] : [`alpha ${number(instruction.alpha)}`])];
    case 'dropout':
    case 'channelDropout':
    case 'sampleDropout':
      return [`rate ${number(instruction.rate)}`, `salt ${String(instruction.salt)}`];
    case 'sampleNormForward':
    case 'sampleNormBackward':
      return sampleNormAttributes(instruction);
    case 'concatBackward':
      return [`sizes ${list(instruction.sizes)}`];
    case 'lossForward':
      return lossAttributes(instruction);
    case 'lossBackward':
      return instruction.classWeights === null ? [] : ['weighted'];
    case 'averagePoolForward':
    case 'averagePoolBackward':
      return [...windowAttributes(instruction), ...(instruction.countPadding ? ['counting padding'] : [])];
    case 'resampleForward':
    case 'resampleBackward':
      return [instruction.interpolation];
    case 'padForward':
      return [
        ...frameAttributes(instruction),
        ...(instruction.value === 0 ? [] : [`value ${number(instruction.value)}`]),
      ];
    case 'padBackward':
      return frameAttributes(instruction);
    default:
      return windowAttributes(instruction);
  }
}

function inputAttributes({ mean, scale, reversesChannels }: NormalizeInput): string[] {
  return [...(reversesChannels ? ['reversed'] : []), `mean ${list(mean)}`, `scale ${list(scale)}`];
}

/** `r to 3 over 500..4000, d to 5 over 500..2500`; empty without renormalization. */
function ramps({ maxR, maxD, rampStart, rampEndR, rampEndD }: RenormBounds): string[] {
  if (maxR === 1 && maxD === 0) return [];
  const over = (end: number): string => `${number(rampStart)}..${number(end)}`;
  return [`r to ${number(maxR)} over ${over(rampEndR)}, d to ${number(maxD)} over ${over(rampEndD)}`];
}

type SampleNorm = InstructionOf<'sampleNormForward' | 'sampleNormBackward'>;

function sampleNormAttributes({ over, groups, epsilon }: SampleNorm): string[] {
  return [over === 'pixel' ? 'over channels' : `over ${String(groups)} groups`, `eps ${number(epsilon)}`];
}

function lossAttributes({ kind, exponent, alpha, labelSmoothing, classWeights }: LossForward): string[] {
  return [
    kind,
    ...(kind === 'focal' ? [`gamma ${number(exponent)}`, `alpha ${number(alpha)}`] : []),
    ...(labelSmoothing === 0 ? [] : [`smoothing ${number(labelSmoothing)}`]),
    ...(classWeights === null ? [] : [`weights ${list(classWeights.slice(0, 8))}`]),
  ];
}

function windowAttributes(instruction: Instruction): string[] {
  if (!('kernel' in instruction)) return [];
  const { kernel, stride, padding, dilation } = instruction;
  const words = [`kernel ${kernel.join('x')}`];
  if (stride.some((value) => value !== 1)) words.push(`stride ${stride.join('x')}`);
  if (padding.some((value) => value !== 0)) words.push(`pad ${list(padding)}`);
  if (dilation.some((value) => value !== 1)) words.push(`dilation ${dilation.join('x')}`);
  if ('groups' in instruction && instruction.groups !== 1) words.push(`groups ${String(instruction.groups)}`);
  return words;
}

function frameAttributes({ padding, border }: PadForward | PadBackward): string[] {
  return [border, `pad ${list(padding)}`];
}

function optimizerLine(plan: OptimizerPlan): string {
  const { l1, l2, clipping, accumulates, averageDecay } = plan;
  return [
    `update by ${plan.kind}`,
    ...coefficients(plan),
    `l1 ${number(l1)}`,
    `l2 ${number(l2)}`,
    ...(clipping === undefined ? [] : [`clip ${clipping.by} ${number(clipping.limit)}`]),
    ...(accumulates ? ['accumulates'] : []),
    ...(averageDecay === undefined ? [] : [`average ${number(averageDecay)}`]),
  ].join(' ');
}

/** Labels printed instead of a coefficient's name; the second beta follows the first without a label. */
const COEFFICIENT_WORDS: Readonly<Record<string, string>> = { beta1: 'betas ', beta2: '', epsilon: 'eps ' };

/** Numbers with their names, and the flags that are true. */
function coefficients(plan: OptimizerPlan): string[] {
  return Object.entries(plan.coefficients).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return value ? [name] : [];
    return [`${COEFFICIENT_WORDS[name] ?? `${name} `}${number(value)}`];
  });
}

function list(values: readonly number[]): string {
  return `(${values.map(number).join(' ')})`;
}

/** Shortest decimal form; small numbers as `1e-5`, long ones rounded to six digits. */
function number(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential();
  return String(Number(value.toPrecision(6)));
}
