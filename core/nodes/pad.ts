import { defineNode, STATELESS } from './defineNode.ts';
import type { ShapeProblem } from './definition.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import type { ParamsOf } from './paramSpec.ts';
import {
  asPicture as asImage,
  inputAt,
  needsImage,
  shapeBad,
  shapeOk,
  type Picture as Image,
} from './shapeRules.ts';
import { message } from '../words/message.ts';

const side = { type: 'int', default: 1, min: 0, max: 255 } as const;

const PARAMS = {
  border: {
    type: 'choice',
    default: 'fill',
    options: [
      { value: 'fill', label: 'Constant' },
      { value: 'reflect', label: 'Reflect' },
      { value: 'replicate', label: 'Replicate' },
    ],
    label: 'Border',
    help: 'What fills the frame. Constant: one value. Reflect: the image mirrored, the edge itself not repeated. Replicate: the edge repeated. As PyTorch’s modes of these names. Default constant.',
  },
  value: {
    type: 'number',
    default: 0,
    min: -1e6,
    max: 1e6,
    label: 'Value',
    help: 'Value of the frame, in units of the input. Default 0.',
    visibleWhen: { param: 'border', is: 'fill' },
  },
  top: { ...side, label: 'Top', help: 'Rows added above, in pixels. Default 1.' },
  bottom: { ...side, label: 'Bottom', help: 'Rows added below, in pixels. Default 1.' },
  left: { ...side, label: 'Left', help: 'Columns added on the left, in pixels. Default 1.' },
  right: { ...side, label: 'Right', help: 'Columns added on the right, in pixels. Default 1.' },
} as const;
type PadParams = ParamsOf<typeof PARAMS>;

/** Reflection padding without the edge is at most the image's size minus 1, as in torch.nn.ReflectionPad2d. */
function mirrorProblems(params: PadParams, { height, width }: Image): ShapeProblem[] {
  if (params.border !== 'reflect') return [];
  const sizes = { top: height, bottom: height, left: width, right: width };
  return (['top', 'bottom', 'left', 'right'] as const).flatMap((name): ShapeProblem[] => {
    if (params[name] < sizes[name]) return [];
    const [size, most] = [sizes[name], sizes[name] - 1];
    const side = message(`blocks.${name}`);
    return [
      {
        code: 'param-range',
        param: name,
        problem: message('blocks.mirror', { pixels: params[name], side, size, most }),
        hint: message('blocks.mirrorHint', { most }),
      },
    ];
  });
}

/** Padding around an image: `[C, H, W]` to `[C, top + H + bottom, left + W + right]`. */
export const pad = defineNode<typeof PARAMS>({
  ...STATELESS,
  kind: 'pad',
  family: 'shape',
  title: 'Pad',
  help: 'Puts a frame around an image: of one value, of its mirror image, or of its repeated edge.',
  params: PARAMS,
  summary({ border, top, bottom, left, right }) {
    const sides = [top, right, bottom, left];
    const frame = message(`summary.${border === 'fill' ? 'constant' : border}`);
    return [frame, sides.every((each) => each === top) ? `${top}` : sides.join(' ')];
  },
  inferShape(params, inputs) {
    const image = asImage(inputAt(inputs));
    if (!image) return shapeBad(needsImage(inputAt(inputs)));
    const problems = mirrorProblems(params, image);
    if (problems.length > 0) return shapeBad(...problems);
    const { top, bottom, left, right } = params;
    return shapeOk([image.channels, top + image.height + bottom, left + image.width + right]);
  },
  flops: () => 0,
  lower({ border: frame, value, top, bottom, left, right }, context) {
    const src = tensorAt(context);
    if (top + bottom + left + right === 0) return src;
    const dst = outputTensor(context);
    const border = frame === 'fill' ? 'constant' : frame;
    context.emit({ op: 'padForward', src, dst, padding: [top, left, bottom, right], border, value });
    return dst;
  },
});
