import { must } from '../diagnostics/invariantError.ts';
import type { BatchNormForward, Op } from '../program/instruction.ts';
import type { TensorId } from '../program/tensor.ts';
import { gradientOf, kernelGradients, neverForward, type Rule } from './gradientRule.ts';
import { IMAGE_RULES } from './imageGradients.ts';
import { CHANNEL_RULES } from './channelGradients.ts';

/** One line per instruction; a new instruction does not compile without an entry here. */
export const GRADIENT_RULES: { readonly [O in Op]: Rule<O> } = {
  // Bytes have no gradient.
  normalizeInput: () => undefined,
  convForward: (forward, book) => {
    const { node, kernel, stride, padding, dilation, groups, src, weights } = forward;
    const diffDst = gradientOf(forward.dst, forward, book);
    const geometry = { node, kernel, stride, padding, dilation, groups };
    const { diffWeights, diffBias } = kernelGradients(forward, book);
    if (diffWeights !== null) {
      book.emit({ op: 'convBackwardWeights', ...geometry, src, diffDst, diffWeights, diffBias });
    }
    const diffSrc = book.share(src, forward);
    if (diffSrc !== null) book.emit({ op: 'convBackwardData', ...geometry, diffDst, weights, diffSrc });
  },
  denseForward: (forward, book) => {
    const { node, src, weights } = forward;
    const diffDst = gradientOf(forward.dst, forward, book);
    const { diffWeights, diffBias } = kernelGradients(forward, book);
    if (diffWeights !== null) {
      book.emit({ op: 'denseBackwardWeights', node, src, diffDst, diffWeights, diffBias });
    }
    const diffSrc = book.share(src, forward);
    if (diffSrc !== null) book.emit({ op: 'denseBackwardData', node, diffDst, weights, diffSrc });
  },
  batchNormForward: (forward, book) => {
    const { node, src, gamma, beta, epsilon, normalizeBy, fusedActivation, mask } = forward;
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffGamma = book.parameter(gamma);
    const diffBeta = book.parameter(beta);
    const diffSrc = book.share(src, forward);
    if (diffSrc === null && diffGamma === null && diffBeta === null) return;
    const operands = { src, diffDst, gamma, beta, mask, diffSrc, diffGamma, diffBeta };
    const statistics = statisticsUsed(forward);
    const form = { epsilon, normalizeBy, fusedActivation };
    book.emit({ op: 'batchNormBackward', node, ...operands, ...statistics, ...form });
  },
  ghostNormForward: (forward, book) => {
    const { node, src, gamma, beta, groupSize } = forward;
    const savedGroups = must(forward.savedGroups, `group statistics of ${node}`);
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffGamma = book.parameter(gamma);
    const diffBeta = book.parameter(beta);
    const diffSrc = book.share(src, forward);
    if (diffSrc === null && diffGamma === null && diffBeta === null) return;
    const operands = { src, diffDst, gamma, savedGroups, diffSrc, diffGamma, diffBeta };
    book.emit({ op: 'ghostNormBackward', node, ...operands, groupSize });
  },
  activationForward: (forward, book) => {
    const { node, fn, alpha, src, dst } = forward;
    const diffDst = gradientOf(dst, forward, book);
    const diffSrc = must(book.share(src, forward), 'needed gradient');
    book.emit({ op: 'activationBackward', node, fn, alpha, src, dst, diffDst, diffSrc });
  },
  maxPoolForward: (forward, book) => {
    const { node, kernel, stride, padding, dilation } = forward;
    const indices = must(forward.indices, 'winners of a max pool in training');
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffSrc = must(book.share(forward.src, forward), 'needed gradient');
    book.emit({ op: 'maxPoolBackward', node, kernel, stride, padding, dilation, indices, diffDst, diffSrc });
  },
  averagePoolForward: (forward, book) => {
    const { node, kernel, stride, padding, dilation, countPadding } = forward;
    const geometry = { kernel, stride, padding, dilation, countPadding };
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffSrc = must(book.share(forward.src, forward), 'needed gradient');
    book.emit({ op: 'averagePoolBackward', node, ...geometry, diffDst, diffSrc });
  },
  globalAveragePoolForward: (forward, book) => {
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffSrc = must(book.share(forward.src, forward), 'needed gradient');
    book.emit({ op: 'globalAveragePoolBackward', node: forward.node, diffDst, diffSrc });
  },
  reshape: (forward, book) => {
    const src = gradientOf(forward.dst, forward, book);
    book.emit({ ...forward, src, dst: must(book.share(forward.src, forward), 'needed gradient') });
  },
  dropout: (forward, book) => {
    const src = gradientOf(forward.dst, forward, book);
    book.emit({ ...forward, src, dst: must(book.share(forward.src, forward), 'needed gradient') });
  },
  sum: (forward, book) => {
    const diffDst = gradientOf(forward.dst, forward, book);
    for (const src of forward.srcs) book.pass(src, diffDst);
  },
  concatForward: (forward, book) => {
    const diffDst = gradientOf(forward.dst, forward, book);
    const sizes = forward.srcs.map((src) => must(book.dims(src)[0], 'channels of a concat source'));
    const diffSrcs = forward.srcs.map((src) => book.share(src, forward));
    book.emit({ op: 'concatBackward', node: forward.node, diffDst, diffSrcs, sizes });
  },
  lossForward: (forward, book) => {
    const { node, labels, classWeights } = forward;
    const slopes = must(forward.slopes, 'slopes of a training loss');
    const diffLogits = must(book.share(forward.logits, forward), 'needed gradient');
    book.emit({ op: 'lossBackward', node, slopes, labels, diffLogits, classWeights });
  },
  convBackwardData: neverForward,
  convBackwardWeights: neverForward,
  denseBackwardData: neverForward,
  denseBackwardWeights: neverForward,
  batchNormBackward: neverForward,
  ghostNormBackward: neverForward,
  updateStatistics: neverForward,
  activationBackward: neverForward,
  maxPoolBackward: neverForward,
  averagePoolBackward: neverForward,
  globalAveragePoolBackward: neverForward,
  concatBackward: neverForward,
  lossBackward: neverForward,
  seedLogit: neverForward,
  zero: neverForward,
  ...IMAGE_RULES,
  ...CHANNEL_RULES,
};

function statisticsUsed(forward: BatchNormForward): { mean: TensorId; variance: TensorId } {
  const { normalizeBy, mean, variance, batchMean, batchVariance, node } = forward;
  if (normalizeBy === 'stored') return { mean, variance };
  return {
    mean: must(batchMean, `batch mean of ${node}, which normalizes by the batch in training,`),
    variance: must(batchVariance, `batch variance of ${node}`),
  };
}
