import { imageDims } from './geometry.ts';
import type { Kernel } from './kernel.ts';
import { convBackwardData, convBackwardWeights, convForward } from './convolution.ts';
import { addTo, at, sumOf } from './values.ts';

/*
 * src [N, I, H, W], weights [I, O/groups, kH, kW], bias [O], dst [N, O, P, Q]: the passes of the convolution from dst
 * to src (convolution.ts), with forward pass and data gradient exchanged.
 * Forward:  dst = data gradient of that convolution at src, plus bias[o]
 * Backward: diffSrc = that convolution of diffDst
 *           diffWeights = its weight gradient, with source diffDst and output gradient src
 *           diffBias[o] = sum_{n,y,x} diffDst[n,o,y,x]
 */
export const convTransposeForward: Kernel<'convTransposeForward'> = (instruction, context) => {
  const { src, dst, bias } = instruction;
  const adjoint = { ...instruction, op: 'convBackwardData', diffDst: src, diffSrc: dst } as const;
  const run = convBackwardData(adjoint, context);
  const { channels, height, width } = imageDims(context.dims(dst));
  const values = context.data(dst);
  const shifts = bias === null ? null : context.data(bias);
  const pixels = height * width;
  return (feed) => {
    run(feed);
    if (shifts === null) return;
    for (let i = 0; i < values.length; i += 1)
      addTo(values, i, at(shifts, Math.floor(i / pixels) % channels));
  };
};

export const convTransposeBackwardData: Kernel<'convTransposeBackwardData'> = (instruction, context) => {
  const { diffDst, diffSrc } = instruction;
  return convForward({ ...instruction, op: 'convForward', src: diffDst, dst: diffSrc, bias: null }, context);
};

export const convTransposeBackwardWeights: Kernel<'convTransposeBackwardWeights'> = (
  instruction,
  context,
) => {
  const { src, diffDst, diffBias } = instruction;
  const operands = { src: diffDst, diffDst: src, diffBias: null };
  const run = convBackwardWeights({ ...instruction, op: 'convBackwardWeights', ...operands }, context);
  const { channels, height, width } = imageDims(context.dims(diffDst));
  const gradient = context.data(diffDst);
  const sums = diffBias === null ? null : context.data(diffBias);
  const pixels = height * width;
  return (feed) => {
    run(feed);
    if (sums === null) return;
    sums.fill(0);
    for (let plane = 0; plane < context.batch * channels; plane += 1) {
      addTo(sums, plane % channels, sumOf(gradient, plane * pixels, pixels));
    }
  };
};
