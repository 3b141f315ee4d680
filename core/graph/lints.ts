import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { WiredNode } from './checkedNode.ts';

interface Neighbourhood {
  readonly byId: ReadonlyMap<NodeId, WiredNode>;
  readonly followers: ReadonlyMap<NodeId, readonly WiredNode[]>;
}
type Lint = (node: WiredNode, around: Neighbourhood) => Diagnostic | null;

const LINTS: readonly Lint[] = [
  biasBeforeNorm,
  activationBeforeLoss,
  activationTwice,
  pytorchMomentum,
  statisticsNeverSet,
];

/** What a practitioner would remark on: nothing here forbids training. Blocks with wrong parameters are passed over. */
export function lintGraph(order: readonly WiredNode[]): readonly Diagnostic[] {
  const around = neighbourhoodOf(order);
  return order
    .filter((node) => node.sound)
    .flatMap((node) => LINTS.map((lint) => lint(node, around)).filter((found) => found !== null));
}

function neighbourhoodOf(order: readonly WiredNode[]): Neighbourhood {
  const followers = new Map<NodeId, WiredNode[]>(order.map((node) => [node.id, []]));
  for (const node of order) {
    for (const source of node.sources) {
      if (source) followers.get(splitEndpoint(source).node)?.push(node);
    }
  }
  return { byId: new Map(order.map((node) => [node.id, node])), followers };
}

function kindOf(node: WiredNode | undefined): string {
  return node?.definition?.kind ?? '';
}

function isActivation(node: WiredNode | undefined): boolean {
  return node?.definition?.family === 'activation';
}

/** The one block before a block of one input. */
function sourceOfNode(node: WiredNode, around: Neighbourhood): WiredNode | undefined {
  const [source] = node.sources;
  return source ? around.byId.get(splitEndpoint(source).node) : undefined;
}

/** The mean subtracted by a BatchNorm takes any constant before it out again; batchnorm-spec.md, section 3. */
function biasBeforeNorm(node: WiredNode, around: Neighbourhood): Diagnostic | null {
  if (node.params.bias !== true) return null;
  const followers = around.followers.get(node.id) ?? [];
  const [norm] = followers;
  const cancelled = (follower: WiredNode): boolean =>
    kindOf(follower) === 'instanceNorm' ||
    (kindOf(follower) === 'batchNorm' && follower.params.normalizeBy === 'batch');
  if (!norm || !followers.every(cancelled)) return null;
  return {
    code: 'lint-bias-before-norm',
    severity: 'hint',
    nodeId: node.id,
    param: 'bias',
    message: `The bias of ${node.called} has no effect: ${norm.called} subtracts it again with the mean.`,
    hint: `Switch the bias off; beta of ${norm.called} does its work.`,
    fix: { title: 'Switch the bias off', nodeId: node.id, param: 'bias', value: false },
  };
}

function activationBeforeLoss(node: WiredNode, around: Neighbourhood): Diagnostic | null {
  const source = sourceOfNode(node, around);
  if (kindOf(node) !== 'output' || !source || !isActivation(source)) return null;
  if (kindOf(source) === 'softmax') return softmaxTwice(source, node);
  return {
    code: 'lint-softmax-before-loss',
    severity: 'warning',
    nodeId: source.id,
    message: `${source.called} bends the logits right before the softmax of ${node.called}, which takes them as they are.`,
    hint: `Remove ${source.called}: the Output applies softmax itself.`,
  };
}

/** Shares lie between 0 and 1: a softmax of them can never give a class more than e / (e + K - 1), so the loss stays high. */
function softmaxTwice(source: WiredNode, output: WiredNode): Diagnostic {
  return {
    code: 'lint-softmax-before-loss',
    severity: 'warning',
    nodeId: source.id,
    message: `${source.called} applies softmax, and the loss of ${output.called} applies it once more: no class can come near probability 1, and gradients shrink.`,
    hint: `Remove ${source.called}: the Output applies softmax itself.`,
  };
}

function activationTwice(node: WiredNode, around: Neighbourhood): Diagnostic | null {
  const source = sourceOfNode(node, around);
  if (!source || !isActivation(node) || !isActivation(source)) return null;
  const useless = kindOf(node) === 'relu' && ['relu', 'sigmoid'].includes(kindOf(source));
  return {
    code: 'lint-activation-twice',
    severity: useless ? 'warning' : 'hint',
    nodeId: node.id,
    message: `${node.called} follows ${source.called} directly${useless ? ' and changes nothing' : ': two activations in a row'}.`,
    hint: 'Remove one of them, or put a weighted block between them.',
  };
}

function pytorchMomentum(node: WiredNode): Diagnostic | null {
  const { decay } = node.params;
  if (kindOf(node) !== 'batchNorm' || typeof decay !== 'number' || decay >= 0.5) return null;
  if (node.params.updateStatistics !== true) return null;
  const value = Number((1 - decay).toPrecision(12));
  return {
    code: 'lint-pytorch-momentum',
    severity: 'warning',
    nodeId: node.id,
    param: 'decay',
    message: `${node.called} has decay ${decay}: each batch replaces ${Number((value * 100).toPrecision(6))} % of the stored statistics.`,
    hint: `Decay weighs the OLD value. If ${decay} came from PyTorch's momentum, the decay is ${value}.`,
    fix: { title: `Set decay to ${value}`, nodeId: node.id, param: 'decay', value },
  };
}

/** A run begins with stored mean 0 and variance 1: a block that never updates them keeps those. */
function statisticsNeverSet(node: WiredNode): Diagnostic | null {
  const { normalizeBy, updateStatistics } = node.params;
  if (kindOf(node) !== 'batchNorm' || updateStatistics !== false) return null;
  const shared = {
    code: 'lint-statistics-never-set',
    nodeId: node.id,
    param: 'updateStatistics',
    fix: { title: 'Update the statistics', nodeId: node.id, param: 'updateStatistics', value: true },
  } as const;
  return normalizeBy === 'batch'
    ? {
        ...shared,
        severity: 'warning',
        message: `${node.called} trains by its batches but is evaluated by stored statistics that nothing updates: mean 0 and variance 1, as a run begins.`,
        hint: 'Let it update them, or measure them exactly after training.',
      }
    : {
        ...shared,
        severity: 'hint',
        message: `${node.called} normalizes by mean 0 and variance 1, with which a run begins and which nothing updates: it only scales by gamma and shifts by beta.`,
        hint: 'Let it update them while the network is trained from its beginning.',
      };
}
