import { optimizerPlanOf } from '../../compile/optimizerPlan.ts';
import { buildStateLayout } from '../../compile/stateLayout.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { defaultTrainingSettings } from '../../document/trainingSettings.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import type { ParameterSlot, StatisticSlot } from '../../program/stateLayout.ts';
import type { Architecture, NamingKey, PhotoBuilt } from '../../templates/photo/architecture.ts';

/** A tensor that a state dict of an architecture has. */
interface ExpectedTensor {
  /** The slot that it becomes. */
  readonly slot: string;
  /** The dims of the slot; those of the tensor may be other ones of as many elements (`fitsSlot`). */
  readonly dims: readonly number[];
  /** Whether it belongs to the block with one output for each class. */
  readonly isHead: boolean;
}

/** PyTorch's names of the fields of a block. */
const TORCH_FIELDS = {
  ...{ weights: 'weight', bias: 'bias', gamma: 'weight', beta: 'bias' },
  ...{ mean: 'running_mean', variance: 'running_var' },
} as const;

interface Laid {
  readonly built: PhotoBuilt;
  readonly slots: readonly (ParameterSlot | StatisticSlot)[];
}

/** As many classes as ImageNet; only the head's shapes depend on it. */
const CLASSES = 1000;
const laid = new WeakMap<Architecture, Laid>();

/** The network of an architecture and its slots; laid out once. */
function layOut(architecture: Architecture): Laid {
  const known = laid.get(architecture);
  if (known) return known;
  const [, style] = must(architecture.styles[0], `a style of ${architecture.name}`);
  const built = architecture.build({ inputShape: [3, 224, 224], classes: CLASSES }, style);
  const graph = must(checkGraph(built.graph).graph, architecture.name);
  const layout = buildStateLayout(graph, optimizerPlanOf(defaultTrainingSettings()));
  const made = { built, slots: [...layout.parameters, ...layout.statistics] };
  laid.set(architecture, made);
  return made;
}

/** The tensors of a state dict of `architecture` under a naming, by name, for 1,000 classes. */
export function expectedTensors(
  architecture: Architecture,
  key: NamingKey,
): ReadonlyMap<string, ExpectedTensor> {
  const { built, slots } = layOut(architecture);
  return new Map(
    slots.map(({ name, node, field, dims }) => {
      const prefix = must(built.prefixes.get(node)?.[key], `the ${key} name of ${node}`);
      return [`${prefix}.${TORCH_FIELDS[field]}`, { slot: name, dims, isHead: node === built.head }];
    }),
  );
}

/**
 * Whether the elements of a tensor are those of a slot in the same order: dims are equal, or one is a Dense `[out, in]`
 * and the other the kernel `[out, c, h, w]` of a convolution over as many inputs.
 */
export function fitsSlot(dims: readonly number[], slot: readonly number[]): boolean {
  if (dims.length === slot.length) return dims.every((dim, axis) => dim === slot[axis]);
  const isKernel = Math.max(dims.length, slot.length) === 4 && Math.min(dims.length, slot.length) === 2;
  return isKernel && dims[0] === slot[0] && inputsOf(dims) === inputsOf(slot);
}

function inputsOf(dims: readonly number[]): number {
  return dims.slice(1).reduce((product, dim) => product * dim, 1);
}
