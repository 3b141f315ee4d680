import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { WiredNode } from './checkedNode.ts';
import { FINE_TUNING_LINTS, usualNormOf } from './fineTuningLints.ts';
import type { Lint, Neighbourhood } from './lint.ts';
import { message } from '../words/message.ts';

const LINTS: readonly Lint[] = [
  biasBeforeNorm,
  activationBeforeLoss,
  activationTwice,
  pytorchMomentum,
  statisticsNeverSet,
  ...FINE_TUNING_LINTS,
];

/** Lints: advice from practice that never forbids training. Blocks with invalid parameters are skipped. */
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
  return { byId: new Map(order.map((node) => [node.id, node])), followers, usual: usualNormOf(order) };
}

function kindOf(node: WiredNode | undefined): string {
  return node?.definition?.kind ?? '';
}

function isActivation(node: WiredNode | undefined): boolean {
  return node?.definition?.family === 'activation';
}

/** The source of a block with one input. */
function sourceOfNode(node: WiredNode, around: Neighbourhood): WiredNode | undefined {
  const [source] = node.sources;
  return source ? around.byId.get(splitEndpoint(source).node) : undefined;
}

/** BatchNorm subtracts the mean and with it any constant added before; batchnorm-spec.md, section 3. */
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
    message: message('graph.biasBeforeNorm', { block: node.called, norm: norm.called }),
    hint: message('graph.biasBeforeNormHint', { norm: norm.called }),
    fix: { title: message('graph.switchBiasOff'), nodeId: node.id, param: 'bias', value: false },
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
    message: message('graph.activationBeforeLoss', { block: source.called, output: node.called }),
    hint: message('graph.removeActivation', { block: source.called }),
  };
}

/**
 * Probabilities are between 0 and 1: a softmax over them never gives a class more than e / (e + K - 1), so the loss
 * stays high.
 */
function softmaxTwice(source: WiredNode, output: WiredNode): Diagnostic {
  return {
    code: 'lint-softmax-before-loss',
    severity: 'warning',
    nodeId: source.id,
    message: message('graph.softmaxTwice', { block: source.called, output: output.called }),
    hint: message('graph.removeActivation', { block: source.called }),
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
    message: message(useless ? 'graph.activationUseless' : 'graph.activationTwice', {
      ...{ block: node.called, source: source.called },
    }),
    hint: message('graph.activationTwiceHint'),
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
    message: message('graph.pytorchMomentum', {
      ...{ block: node.called, decay, percent: Number((value * 100).toPrecision(6)) },
    }),
    hint: message('graph.pytorchMomentumHint', { decay, value }),
    fix: { title: message('graph.setDecay', { value }), nodeId: node.id, param: 'decay', value },
  };
}

/** A run starts with running mean 0 and variance 1; a block that never updates them keeps these values. */
function statisticsNeverSet(node: WiredNode): Diagnostic | null {
  const { normalizeBy, updateStatistics } = node.params;
  if (kindOf(node) !== 'batchNorm' || updateStatistics !== false) return null;
  const shared = {
    code: 'lint-statistics-never-set',
    nodeId: node.id,
    param: 'updateStatistics',
    fix: {
      title: message('graph.updateStatistics'),
      nodeId: node.id,
      param: 'updateStatistics',
      value: true,
    },
  } as const;
  return normalizeBy === 'batch'
    ? {
        ...shared,
        severity: 'warning',
        message: message('graph.neverUpdatedInBatch', { block: node.called }),
        hint: message('graph.neverUpdatedInBatchHint'),
      }
    : {
        ...shared,
        severity: 'hint',
        message: message('graph.neverUpdated', { block: node.called }),
        hint: message('graph.neverUpdatedHint'),
      };
}
