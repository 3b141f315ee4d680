import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import { message } from '../words/message.ts';
import type { WiredNode } from './checkedNode.ts';
import type { Lint, Neighbourhood, UsualNorm } from './lint.ts';

/** Traps of fine-tuning. */
export const FINE_TUNING_LINTS: readonly Lint[] = [
  movingStatistics,
  (node, { usual }) => otherValue(node, 'epsilon', usual.epsilon),
  (node, { usual }) => otherValue(node, 'decay', usual.decay),
  idleRate,
];

function isBatchNorm(node: WiredNode): boolean {
  return node.definition?.kind === 'batchNorm';
}

/** A decay has an effect only where running statistics are updated by it. */
function hasEffect(node: WiredNode, param: keyof UsualNorm): boolean {
  if (!node.sound || !isBatchNorm(node)) return false;
  const { updateStatistics, averaging } = node.params;
  return param === 'epsilon' || (updateStatistics === true && averaging === 'decay');
}

export function usualNormOf(order: readonly WiredNode[]): UsualNorm {
  return { epsilon: usualOf(order, 'epsilon'), decay: usualOf(order, 'decay') };
}

/** The value of at least three blocks, and of at least three times as many as have another. */
function usualOf(order: readonly WiredNode[], param: keyof UsualNorm): number | null {
  const counts = new Map<number, number>();
  const values = order.filter((node) => hasEffect(node, param)).map((node) => Number(node.params[param]));
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [value = 0, count = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  return count >= 3 && count >= 3 * (values.length - count) ? value : null;
}

function otherValue(node: WiredNode, param: keyof UsualNorm, usual: number | null): Diagnostic | null {
  if (usual === null || !hasEffect(node, param)) return null;
  const value = Number(node.params[param]);
  if (value === usual) return null;
  const isEpsilon = param === 'epsilon';
  const values = { block: node.called, value, usual };
  const title = isEpsilon
    ? message('fineTuning.setEpsilon', { value: usual })
    : message('fineTuning.setDecay', { value: usual });
  return {
    code: 'lint-norm-family',
    severity: 'hint',
    nodeId: node.id,
    param,
    message: isEpsilon
      ? message('fineTuning.otherEpsilon', values)
      : message('fineTuning.otherDecay', values),
    hint: message('fineTuning.otherNormHint'),
    fix: { title, nodeId: node.id, param, value: usual },
  };
}

/** Weights whose gamma and beta are fixed as well were set so on purpose: then it is only a hint. */
function movingStatistics(node: WiredNode, around: Neighbourhood): Diagnostic | null {
  const { normalizeBy, updateStatistics, trainGamma, trainBeta } = node.params;
  const byBatch = normalizeBy === 'batch';
  if (!isBatchNorm(node) || (!byBatch && updateStatistics !== true)) return null;
  const frozen = frozenNeighbour(node, around);
  if (frozen === undefined) return null;
  const values = { norm: node.called, block: frozen.called };
  const param = byBatch ? 'normalizeBy' : 'updateStatistics';
  return {
    code: 'lint-frozen-moving',
    severity: trainGamma === false && trainBeta === false ? 'hint' : 'warning',
    nodeId: node.id,
    param,
    message: byBatch
      ? message('fineTuning.movingBefore', values)
      : message('fineTuning.movingStored', values),
    hint: message('fineTuning.movingHint'),
    fix: {
      title: byBatch ? message('fineTuning.byStored') : message('fineTuning.keepStatistics'),
      nodeId: node.id,
      param,
      value: byBatch ? 'stored' : false,
    },
  };
}

function isFrozen(node: WiredNode | undefined): node is WiredNode {
  return node?.sound === true && node.params.trainWeights === false && Object.hasOwn(node.params, 'bias');
}

/** The frozen convolution or Dense right before a norm, or after it and its activation. */
function frozenNeighbour(
  node: WiredNode,
  { byId, followers }: Pick<Neighbourhood, 'byId' | 'followers'>,
): WiredNode | undefined {
  const [source] = node.sources;
  const before = source ? byId.get(splitEndpoint(source).node) : undefined;
  if (isFrozen(before)) return before;
  const after = followers.get(node.id) ?? [];
  const further = after
    .filter((each) => each.definition?.family === 'activation')
    .flatMap((each) => followers.get(each.id) ?? []);
  return [...after, ...further].find(isFrozen);
}

/** A BatchNorm keeps the factor of its stage, whatever its policy is at the moment. */
function idleRate(node: WiredNode): Diagnostic | null {
  const { rateFactor, trainWeights } = node.params;
  if (typeof rateFactor !== 'number' || rateFactor === 1 || trainWeights !== false) return null;
  return {
    code: 'lint-idle-rate',
    severity: 'hint',
    nodeId: node.id,
    param: 'rateFactor',
    message: message('fineTuning.idleRate', { block: node.called, value: rateFactor }),
    hint: message('fineTuning.idleRateHint'),
    fix: { title: message('fineTuning.resetRate'), nodeId: node.id, param: 'rateFactor', value: 1 },
  };
}
