import { must } from '../../diagnostics/invariantError.ts';
import type {
  ConvTransposeForward,
  MultiplyForward,
  PadForward,
  ResampleForward,
} from '../../program/imageInstructions.ts';
import { int, ints, text } from './graphBuilder.ts';
import { stepName, type OpContext } from './opContext.ts';
import { weightsOf, windowAttributes } from './window.ts';

/** ConvTranspose has our kernel's layout; rows and columns of dst beyond the window are its output padding. */
export function lowerConvTranspose(conv: ConvTransposeForward, context: OpContext): void {
  const { builder, nameOf } = context;
  const inputs = [nameOf(conv.src), ...weightsOf(conv.weights, conv.bias, context)];
  builder.node(conv.node, 'ConvTranspose', inputs, nameOf(conv.dst), {
    ...windowAttributes(conv),
    dilations: ints(...conv.dilation),
    group: int(conv.groups),
    output_padding: ints(outputPadding(conv, 0, context), outputPadding(conv, 1, context)),
  });
}

/** The difference between dst and the extent of the window, along height (0) or width (1). */
function outputPadding(conv: ConvTransposeForward, axis: 0 | 1, { dimsOf }: OpContext): number {
  const [from, to] = [conv.src, conv.dst].map((tensor) => must(dimsOf(tensor)[axis + 1], 'a picture'));
  const span = (conv.kernel[axis] - 1) * conv.dilation[axis] + 1;
  const cut = conv.padding[axis] + conv.padding[axis === 0 ? 2 : 3];
  return must(to, 'output') - (must(from, 'input') - 1) * conv.stride[axis] - span + cut;
}

/** Resize by factors, which are valid for any batch size. */
export function lowerResample(
  { node, src, dst, interpolation }: ResampleForward,
  { builder, nameOf, dimsOf }: OpContext,
): void {
  const factors = dimsOf(dst).map((size, axis) => size / (dimsOf(src)[axis] ?? NaN));
  const scales = builder.constant(`${node}.scales`, [4], Float32Array.of(1, ...factors));
  const nearest = interpolation === 'nearest';
  // The empty name omits the region of interest, which only cropping needs.
  builder.node(node, 'Resize', [nameOf(src), '', scales], nameOf(dst), {
    mode: text(nearest ? 'nearest' : 'linear'),
    coordinate_transformation_mode: text(nearest ? 'asymmetric' : 'half_pixel'),
    ...(nearest ? { nearest_mode: text('floor') } : {}),
  });
}

export function lowerPad(
  { node, src, dst, padding, border, value }: PadForward,
  { builder, nameOf }: OpContext,
): void {
  const [top, left, bottom, right] = padding;
  const sides = BigInt64Array.from([0, 0, top, left, 0, 0, bottom, right], BigInt);
  const name = stepName(node, nameOf(dst));
  const inputs = [nameOf(src), builder.constant(`${name}.pads`, [8], sides)];
  if (border === 'constant') inputs.push(builder.constant(`${name}.value`, [], Float32Array.of(value)));
  builder.node(name, 'Pad', inputs, nameOf(dst), { mode: text(border === 'replicate' ? 'edge' : border) });
}

/**
 * Mul takes two inputs and broadcasts gates as the block does; more inputs become a chain whose last node has the
 * block's name.
 */
export function lowerMultiply({ node, srcs, dst }: MultiplyForward, { builder, nameOf }: OpContext): void {
  const [first, ...others] = srcs.map(nameOf);
  let product = first ?? '';
  for (const [index, factor] of others.entries()) {
    const isLast = index === others.length - 1;
    const name = isLast ? node : `${node}.${index + 1}`;
    product = builder.node(name, 'Mul', [product, factor], isLast ? nameOf(dst) : `${name}.out`);
  }
}
