import { elementCount } from '../../program/shape.ts';
import type { KerasVariable } from './kerasLayer.ts';
import { ourIndices, type VectorOrder } from './vectorOrder.ts';

/** `[out, in / groups, kH, kW]` to Keras' `[kH, kW, in / groups, out]`. */
export function convKernel(kernel: KerasVariable): KerasVariable {
  return withAxes(kernel, [2, 3, 1, 0]);
}

/** `[C * M, 1, kH, kW]` to Keras' `[kH, kW, C, M]` of a DepthwiseConv2D of C channels. */
export function depthwiseKernel({ dims, data }: KerasVariable, channels: number): KerasVariable {
  const [filters = 1, , height = 1, width = 1] = dims;
  return withAxes({ dims: [channels, filters / channels, height, width], data }, [2, 3, 0, 1]);
}

/** `[in, out, kH, kW]` of one group to Keras' `[kH, kW, out, in]`. */
export function transposedKernel(kernel: KerasVariable): KerasVariable {
  return withAxes(kernel, [2, 3, 1, 0]);
}

/** `[out, in]` to Keras' `[in, out]`; the inputs come in Keras' order. */
export function denseKernel({ dims, data }: KerasVariable, order: VectorOrder): KerasVariable {
  const [outputs = 1, inputs = 1] = dims;
  const values = new Float32Array(data.length);
  ourIndices(order).forEach((from, input) => {
    for (let output = 0; output < outputs; output += 1)
      values[input * outputs + output] = data[output * inputs + from] ?? 0;
  });
  return { dims: [inputs, outputs], data: values };
}

/** A dilated kernel `[a, b, kH, kW]` with the zeros between its taps, so that dilation 1 does the same. */
export function spread({ dims, data }: KerasVariable, dilation: number): KerasVariable {
  const [a = 1, b = 1, height = 1, width = 1] = dims;
  const [tall, wide] = [(height - 1) * dilation + 1, (width - 1) * dilation + 1];
  const values = new Float32Array(a * b * tall * wide);
  data.forEach((value, at) => {
    const x = at % width;
    const y = Math.floor(at / width) % height;
    const kernel = Math.floor(at / (width * height));
    values[(kernel * tall + y * dilation) * wide + x * dilation] = value;
  });
  return { dims: [a, b, tall, wide], data: values };
}

/** A grouped kernel `[in, out / groups, kH, kW]` as that of one group, with zeros between channels of two groups. */
export function ungrouped({ dims, data }: KerasVariable, groups: number): KerasVariable {
  const [inputs = 1, perGroup = 1, height = 1, width = 1] = dims;
  const area = height * width;
  const outputs = perGroup * groups;
  const values = new Float32Array(inputs * outputs * area);
  for (let input = 0; input < inputs; input += 1) {
    const group = Math.floor((input * groups) / inputs);
    const from = input * perGroup * area;
    values.set(data.subarray(from, from + perGroup * area), (input * outputs + group * perGroup) * area);
  }
  return { dims: [inputs, outputs, height, width], data: values };
}

/** `[C, H, W]` to `[H, W, C]`. */
export function imageValues(values: KerasVariable): KerasVariable {
  return withAxes(values, [1, 2, 0]);
}

/** The tensor with its axes in another order: axis k of the result is axis `axes[k]`. */
function withAxes({ dims, data }: KerasVariable, axes: readonly number[]): KerasVariable {
  const sizes = axes.map((axis) => dims[axis] ?? 1);
  const steps = axes.map((axis) => elementCount(dims.slice(axis + 1)));
  const values = new Float32Array(data.length);
  values.forEach((_, to) => {
    let rest = to;
    let from = 0;
    for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
      const size = sizes[axis] ?? 1;
      from += (rest % size) * (steps[axis] ?? 0);
      rest = Math.floor(rest / size);
    }
    values[to] = data[from] ?? 0;
  });
  return { dims: sizes, data: values };
}
