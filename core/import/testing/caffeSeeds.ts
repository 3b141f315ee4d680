import { caffeBlob, caffeMessage, caffeModel, type WrittenLayer } from './caffeWriter.ts';

/** A network with all kinds of layers. */
export const CAFFE_TEXT = `name: "n" # a net
input: "data" input_shape { dim: 1 dim: 3 dim: 5 dim: 5 }
layer { name: "c" type: "Convolution" bottom: "data" top: "c"
  convolution_param { num_output: 4 kernel_size: 3 pad: 1 stride: 2 group: 1 } }
layer { name: "b" type: "BatchNorm" bottom: "c" top: "c" batch_norm_param { eps: 1e-3 } }
layer { name: "s" type: "Scale" bottom: "c" top: "c" scale_param { bias_term: true } }
layer { name: "r" type: "PReLU" bottom: "c" top: "c" }
layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 } }
layer { name: "w" type: "Power" bottom: "p" top: "w" power_param { scale: 2 shift: -1 } }
layer { name: "e" type: "Eltwise" bottom: "p" bottom: "w" top: "e" eltwise_param { operation: SUM } }
layer { name: "k" type: "Concat" bottom: "e" bottom: "p" top: "k" }
layer { name: "h" type: "Reshape" bottom: "k" top: "h" reshape_param { shape { dim: [0, -1] } } }
layer { name: "f" type: "InnerProduct" bottom: "h" top: "f" inner_product_param { num_output: 2 transpose: true } }
layer { name: "a" type: "Accuracy" bottom: "f" bottom: "label" top: "a" include { phase: TEST stage: "x" } }
layer { name: "q" type: "Softmax" bottom: "f" top: "q" }`;

const some = (...dims: readonly number[]): Uint8Array<ArrayBuffer> => {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return caffeBlob(
    dims,
    Array.from({ length: count }, (_, index) => index / 8),
  );
};

/** The weights of `CAFFE_TEXT`. */
export const CAFFE_WEIGHTS: readonly WrittenLayer[] = [
  { name: 'c', blobs: [some(4, 3, 3, 3), some(4)] },
  { name: 'b', blobs: [some(4), some(4), caffeBlob([1], [3])] },
  { name: 's', blobs: [some(4), some(4)] },
  { name: 'r', blobs: [some(4)] },
  { name: 'f', blobs: [some(32, 2), some(2)] },
];

/** A snapshot of training, which has its layers. */
export function caffeSnapshot(): Uint8Array<ArrayBuffer> {
  const [crop, train] = [
    caffeMessage([
      [1, 0.5],
      [3, 4],
      [5, 104.5],
    ]),
    caffeMessage([[1, 0]]),
  ];
  return caffeModel([
    {
      name: 'data',
      type: 'Data',
      tops: ['data', 'label'],
      more: [
        [8, train],
        [100, crop],
      ],
    },
    {
      ...{ name: 'c', type: 'Convolution', bottoms: ['data'], tops: ['c'] },
      ...{
        blobs: [some(2, 3, 4, 4)],
        more: [
          [
            106,
            caffeMessage([
              [1, 2],
              [2, 0],
              [4, 4],
            ]),
          ],
        ],
      },
    },
    { name: 'b', type: 'BatchNorm', bottoms: ['c'], tops: ['c'], blobs: [some(2), some(2), some(1)] },
    { name: 'l', type: 'SoftmaxWithLoss', bottoms: ['c', 'label'], tops: ['l'] },
  ]);
}

/** Values and types that take the place of others. */
const TOKENS = [
  ...['0', '-1', '-3', '1', '2', '3', '4', '7', '255', '65537', '2147483647', '1e30', 'nan', '-inf', '0.5'],
  ...['true', 'false', 'MAX', 'AVE', 'PROD', 'CEIL', 'FLOOR', '{ }', '"data"', '"c"', '"p"', '"f"', '""'],
  ...['"Convolution"', '"Deconvolution"', '"Scale"', '"Bias"', '"BatchNorm"', '"Pooling"', '"Flatten"'],
  ...['"Split"', '"Axpy"', '"Concat"', '"Eltwise"', '"Reshape"', '"Softmax"', '"Input"', '"Data"', '"LRN"'],
];
const VALUE = /(?<=: )[^\s{}[\]]+|[a-z_]+(?=: |\s\{)/gu;

/**
 * A text in which each pair of bytes replaces a value or the name of a setting: the first byte says which, the second
 * by what; 0 leaves it as it is, and numbers beyond the list take one that is elsewhere in the text.
 */
export function withOtherTokens(text: string, choices: Uint8Array): string {
  const found = [...text.matchAll(VALUE)];
  const replaced = new Map<number, string>();
  for (let at = 0; at + 1 < choices.length; at += 2) {
    const [place = 0, choice = 0] = choices.subarray(at, at + 2);
    const elsewhere = found[(choice * 7) % found.length]?.[0] ?? '';
    if (choice > 0) replaced.set(place % found.length, TOKENS[choice - 1] ?? elsewhere);
  }
  let index = -1;
  return text.replace(VALUE, (token) => {
    index += 1;
    return replaced.get(index) ?? token;
  });
}
