import { must } from '../diagnostics/invariantError.ts';
import type { ImageInstruction } from '../program/imageInstructions.ts';
import { gradientOf, kernelGradients, neverForward, type Rule } from './gradientRule.ts';

/** Differentiation rules of the instructions in `core/program/imageInstructions.ts`. */
export const IMAGE_RULES: { readonly [O in ImageInstruction['op']]: Rule<O> } = {
  convTransposeForward: (forward, book) => {
    const { node, kernel, stride, padding, dilation, groups, src, weights } = forward;
    const diffDst = gradientOf(forward.dst, forward, book);
    const geometry = { node, kernel, stride, padding, dilation, groups };
    const { diffWeights, diffBias } = kernelGradients(forward, book);
    if (diffWeights !== null) {
      book.emit({ op: 'convTransposeBackwardWeights', ...geometry, src, diffDst, diffWeights, diffBias });
    }
    const diffSrc = book.share(src, forward);
    if (diffSrc !== null)
      book.emit({ op: 'convTransposeBackwardData', ...geometry, diffDst, weights, diffSrc });
  },
  resampleForward: (forward, book) => {
    const { node, interpolation, src } = forward;
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffSrc = must(book.share(src, forward), 'needed gradient');
    book.emit({ op: 'resampleBackward', node, interpolation, diffDst, diffSrc });
  },
  padForward: (forward, book) => {
    const { node, padding, border, src } = forward;
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffSrc = must(book.share(src, forward), 'needed gradient');
    book.emit({ op: 'padBackward', node, padding, border, diffDst, diffSrc });
  },
  adaptiveAveragePoolForward: (forward, book) => {
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffSrc = must(book.share(forward.src, forward), 'needed gradient');
    book.emit({ op: 'adaptiveAveragePoolBackward', node: forward.node, diffDst, diffSrc });
  },
  multiplyForward: (forward, book) => {
    const { node, srcs } = forward;
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffSrcs = srcs.map((src) => book.share(src, forward));
    book.emit({ op: 'multiplyBackward', node, srcs, diffDst, diffSrcs });
  },
  convTransposeBackwardData: neverForward,
  convTransposeBackwardWeights: neverForward,
  resampleBackward: neverForward,
  padBackward: neverForward,
  adaptiveAveragePoolBackward: neverForward,
  multiplyBackward: neverForward,
};
