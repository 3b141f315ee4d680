import { must } from '../diagnostics/invariantError.ts';
import type { ChannelInstruction } from '../program/channelInstructions.ts';
import { gradientOf, neverForward, type Rule } from './gradientRule.ts';

/** Differentiation rules of the instructions in `core/program/channelInstructions.ts`. */
export const CHANNEL_RULES: { readonly [O in ChannelInstruction['op']]: Rule<O> } = {
  sampleNormForward: (forward, book) => {
    const { node, src, gamma, beta, over, groups, epsilon } = forward;
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffGamma = book.parameter(gamma);
    const diffBeta = book.parameter(beta);
    const diffSrc = book.share(src, forward);
    const operands = { src, diffDst, gamma, diffSrc, diffGamma, diffBeta };
    book.emit({ op: 'sampleNormBackward', node, ...operands, over, groups, epsilon });
  },
  preluForward: (forward, book) => {
    const { node, src, weights } = forward;
    const diffDst = gradientOf(forward.dst, forward, book);
    const diffWeights = book.parameter(weights);
    const diffSrc = book.share(src, forward);
    book.emit({ op: 'preluBackward', node, src, weights, diffDst, diffSrc, diffWeights });
  },
  softmaxForward: (forward, book) => {
    const { node, src, dst } = forward;
    const diffDst = gradientOf(dst, forward, book);
    const diffSrc = must(book.share(src, forward), 'needed gradient');
    book.emit({ op: 'softmaxBackward', node, dst, diffDst, diffSrc });
  },
  channelDropout: (forward, book) => {
    const src = gradientOf(forward.dst, forward, book);
    book.emit({ ...forward, src, dst: must(book.share(forward.src, forward), 'needed gradient') });
  },
  sampleDropout: (forward, book) => {
    const src = gradientOf(forward.dst, forward, book);
    book.emit({ ...forward, src, dst: must(book.share(forward.src, forward), 'needed gradient') });
  },
  sampleNormBackward: neverForward,
  preluBackward: neverForward,
  softmaxBackward: neverForward,
};
