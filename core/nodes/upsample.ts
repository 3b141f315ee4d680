import { elementCount } from '../program/shape.ts';
import { defineNode, STATELESS } from './defineNode.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import { asPicture as asImage, inputAt, needsImage, shapeBad, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

const PARAMS = {
  factor: {
    type: 'int',
    default: 2,
    min: 1,
    max: 32,
    label: 'Factor',
    help: 'How many times higher and wider the image becomes. Default 2, as Keras.',
  },
  interpolation: {
    type: 'choice',
    default: 'nearest',
    options: [
      { value: 'nearest', label: 'Nearest' },
      { value: 'bilinear', label: 'Bilinear' },
    ],
    label: 'Interpolation',
    help: 'Nearest repeats each pixel. Bilinear takes weighted means of the four around, pixels counted by their centres: PyTorch’s align_corners=False, as Keras and TensorFlow 2. Default nearest, as PyTorch and Keras.',
  },
} as const;

/** `[C, H, W]` to `[C, factor * H, factor * W]`. */
export const upsample = defineNode<typeof PARAMS>({
  ...STATELESS,
  kind: 'upsample',
  family: 'shape',
  title: 'Upsample',
  help: 'Enlarges an image by a whole factor without training anything.',
  params: PARAMS,
  summary: ({ factor, interpolation }) => [`× ${factor}`, message(`summary.${interpolation}`)],
  inferShape({ factor }, inputs) {
    const image = asImage(inputAt(inputs));
    if (!image) return shapeBad(needsImage(inputAt(inputs)));
    return shapeOk([image.channels, image.height * factor, image.width * factor]);
  },
  flops: ({ interpolation }, _inputs, output) =>
    interpolation === 'bilinear' ? 8 * elementCount(output) : 0,
  lower({ factor, interpolation }, context) {
    const src = tensorAt(context);
    if (factor === 1) return src;
    const dst = outputTensor(context);
    context.emit({ op: 'resampleForward', src, dst, interpolation });
    return dst;
  },
});
