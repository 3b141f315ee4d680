import { expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import type { CompileOptions } from '../compile/options.ts';
import { chain, network, type Body } from '../conformance/networks.ts';
import { planOf } from '../optimizers/registry.ts';
import type { Shape } from './shape.ts';
import { printProgram } from './printProgram.ts';

const OPTIONS: CompileOptions = {
  mode: 'train',
  input: { type: 'f32' },
  optimizer: planOf({ kind: 'sgd', momentum: 0.9, nesterov: false, l1: 0, l2: 0 }),
  labelSmoothing: 0,
};

function printed(inputShape: Shape, body: Body, options: Partial<CompileOptions> = {}): string {
  return printProgram(compile(network(inputShape, body), { ...OPTIONS, ...options }));
}

const CONV_NORM_RELU = chain(['conv2d', { filters: 4, bias: false }], ['batchNorm'], ['relu'], ['maxPool']);

it('prints a Dense alone: no gradient below the lowest parameter', () => {
  expect(printed([1, 2, 2], chain())).toMatchInlineSnapshot(`
    "train f32 [1x2x2] -> 3 classes; logits %3
    state 30 = 15 parameters, 0 statistics, 1 moments
      @0 logits.weights [3x4] decayed
      @12 logits.bias [3]
    %2 flat.out [4] = reshape images
    %3 logits.out [3] = denseForward %2 logits.weights logits.bias
    loss, correct, %8 output.slopes [3] = lossForward %3 labels crossEntropy
    %9 d(logits.out) [3] = lossBackward %8 labels
    d(logits.weights), d(logits.bias) = denseBackwardWeights %2 %9
    update by sgd momentum 0.9 l1 0 l2 0"
  `);
});

it('prints convolution, BatchNorm and ReLU in training: fused, statistics updated last', () => {
  const bytes = { type: 'u8', mean: [100, 110, 120], deviation: [50, 60, 64] } as const;
  expect(printed([3, 8, 8], CONV_NORM_RELU, { input: bytes, labelSmoothing: 0.1 })).toMatchInlineSnapshot(`
    "train u8 [3x8x8] -> 3 classes; logits %16
    state 630 = 311 parameters, 8 statistics, 1 moments
      @0 conv2d1.weights [4x3x3x3] decayed
      @108 batchNorm1.gamma [4]
      @112 batchNorm1.beta [4]
      @116 logits.weights [3x64] decayed
      @308 logits.bias [3]
      @311 batchNorm1.mean [4]
      @315 batchNorm1.variance [4]
    %2 input.out [3x8x8] = normalizeInput images mean (100 110 120) scale (0.02 0.0166667 0.015625)
    %3 conv2d1.out [4x8x8] = convForward %2 conv2d1.weights - kernel 3x3 pad (1 1 1 1)
    %5 relu1.out [4x8x8], %6 batchNorm1.mask [4x8x8], batchNorm1.batchMean, batchNorm1.batchVariance = batchNormForward %3 batchNorm1.gamma batchNorm1.beta batchNorm1.mean batchNorm1.variance by batch eps 1e-5 +relu
    %13 maxPool1.out [4x4x4], %14 maxPool1.indices [4x4x4] = maxPoolForward %5 kernel 2x2 stride 2x2
    %15 flat.out [64] = reshape %13
    %16 logits.out [3] = denseForward %15 logits.weights logits.bias
    loss, correct, %21 output.slopes [3] = lossForward %16 labels crossEntropy smoothing 0.1
    %22 d(logits.out) [3] = lossBackward %21 labels
    d(logits.weights), d(logits.bias) = denseBackwardWeights %15 %22
    %25 d(flat.out) [64] = denseBackwardData %22 logits.weights
    %26 d(maxPool1.out) [4x4x4] = reshape %25
    %27 d(relu1.out) [4x8x8] = maxPoolBackward %14 %26 kernel 2x2 stride 2x2
    %28 d(conv2d1.out) [4x8x8], d(batchNorm1.gamma), d(batchNorm1.beta) = batchNormBackward %3 %27 batchNorm1.gamma batchNorm1.beta batchNorm1.batchMean batchNorm1.batchVariance %6 by batch eps 1e-5 +relu
    d(conv2d1.weights) = convBackwardWeights %2 %28 kernel 3x3 pad (1 1 1 1)
    batchNorm1.mean, batchNorm1.variance = updateStatistics batchNorm1.batchMean batchNorm1.batchVariance decay 0.9 unbiased m 64N
    update by sgd momentum 0.9 l1 0 l2 0"
  `);
});

it('prints a residual sum whose stem has two uses: one sum of gradients', () => {
  const body: Body = (add, input) => {
    const stem = add('relu', [add('conv2d', [input], { filters: 4 })]);
    return add('add', [stem, add('conv2d', [stem], { filters: 4, kernel: 1 })]);
  };
  expect(printed([3, 4, 4], body)).toMatchInlineSnapshot(`
    "train f32 [3x4x4] -> 3 classes; logits %11
    state 654 = 327 parameters, 0 statistics, 1 moments
      @0 conv2d1.weights [4x3x3x3] decayed
      @108 conv2d1.bias [4]
      @112 conv2d2.weights [4x4x1x1] decayed
      @128 conv2d2.bias [4]
      @132 logits.weights [3x64] decayed
      @324 logits.bias [3]
    %2 conv2d1.out [4x4x4] = convForward images conv2d1.weights conv2d1.bias kernel 3x3 pad (1 1 1 1)
    %5 relu1.out [4x4x4] = activationForward %2 relu
    %6 conv2d2.out [4x4x4] = convForward %5 conv2d2.weights conv2d2.bias kernel 1x1
    %9 add1.out [4x4x4] = sum %5 %6
    %10 flat.out [64] = reshape %9
    %11 logits.out [3] = denseForward %10 logits.weights logits.bias
    loss, correct, %16 output.slopes [3] = lossForward %11 labels crossEntropy
    %17 d(logits.out) [3] = lossBackward %16 labels
    d(logits.weights), d(logits.bias) = denseBackwardWeights %10 %17
    %20 d(flat.out) [64] = denseBackwardData %17 logits.weights
    %21 d(add1.out) [4x4x4] = reshape %20
    d(conv2d2.weights), d(conv2d2.bias) = convBackwardWeights %5 %21 kernel 1x1
    %24 d(relu1.out)@conv2d2 [4x4x4] = convBackwardData %21 conv2d2.weights kernel 1x1
    %25 d(relu1.out) [4x4x4] = sum %21 %24
    %26 d(conv2d1.out) [4x4x4] = activationBackward %2 %5 %25 relu
    d(conv2d1.weights), d(conv2d1.bias) = convBackwardWeights images %26 kernel 3x3 pad (1 1 1 1)
    update by sgd momentum 0.9 l1 0 l2 0"
  `);
});

it('prints a frozen BatchNorm: stored statistics, no gradients of gamma and beta', () => {
  const frozen = { normalizeBy: 'stored', updateStatistics: false, trainGamma: false, trainBeta: false };
  expect(printed([3, 4, 4], chain(['conv2d', { filters: 2 }], ['batchNorm', frozen]))).toMatchInlineSnapshot(`
    "train f32 [3x4x4] -> 3 classes; logits %11
    state 322 = 159 parameters, 4 statistics, 1 moments
      @0 conv2d1.weights [2x3x3x3] decayed
      @54 conv2d1.bias [2]
      @56 batchNorm1.gamma [2] frozen
      @58 batchNorm1.beta [2] frozen
      @60 logits.weights [3x32] decayed
      @156 logits.bias [3]
      @159 batchNorm1.mean [2]
      @161 batchNorm1.variance [2]
    %2 conv2d1.out [2x4x4] = convForward images conv2d1.weights conv2d1.bias kernel 3x3 pad (1 1 1 1)
    %5 batchNorm1.out [2x4x4] = batchNormForward %2 batchNorm1.gamma batchNorm1.beta batchNorm1.mean batchNorm1.variance by stored eps 1e-5
    %10 flat.out [32] = reshape %5
    %11 logits.out [3] = denseForward %10 logits.weights logits.bias
    loss, correct, %16 output.slopes [3] = lossForward %11 labels crossEntropy
    %17 d(logits.out) [3] = lossBackward %16 labels
    d(logits.weights), d(logits.bias) = denseBackwardWeights %10 %17
    %20 d(flat.out) [32] = denseBackwardData %17 logits.weights
    %21 d(batchNorm1.out) [2x4x4] = reshape %20
    %22 d(conv2d1.out) [2x4x4] = batchNormBackward %2 %21 batchNorm1.gamma batchNorm1.beta batchNorm1.mean batchNorm1.variance - by stored eps 1e-5
    d(conv2d1.weights), d(conv2d1.bias) = convBackwardWeights images %22 kernel 3x3 pad (1 1 1 1)
    update by sgd momentum 0.9 l1 0 l2 0"
  `);
});

it('prints evaluation: stored statistics, fused without mask, no backward pass', () => {
  expect(printed([3, 8, 8], CONV_NORM_RELU, { mode: 'evaluate' })).toMatchInlineSnapshot(`
    "evaluate f32 [3x8x8] -> 3 classes; logits %11
    state 630 = 311 parameters, 8 statistics, 1 moments
      @0 conv2d1.weights [4x3x3x3] decayed
      @108 batchNorm1.gamma [4]
      @112 batchNorm1.beta [4]
      @116 logits.weights [3x64] decayed
      @308 logits.bias [3]
      @311 batchNorm1.mean [4]
      @315 batchNorm1.variance [4]
    %2 conv2d1.out [4x8x8] = convForward images conv2d1.weights - kernel 3x3 pad (1 1 1 1)
    %4 relu1.out [4x8x8] = batchNormForward %2 batchNorm1.gamma batchNorm1.beta batchNorm1.mean batchNorm1.variance by stored eps 1e-5 +relu
    %9 maxPool1.out [4x4x4] = maxPoolForward %4 kernel 2x2 stride 2x2
    %10 flat.out [64] = reshape %9
    %11 logits.out [3] = denseForward %10 logits.weights logits.bias
    loss, correct = lossForward %11 labels crossEntropy"
  `);
});

it('prints calibration: statistics of the batch, nothing stored', () => {
  expect(printed([3, 8, 8], CONV_NORM_RELU, { mode: 'calibrate' })).toMatchInlineSnapshot(`
    "calibrate f32 [3x8x8] -> 3 classes; logits %13
    state 630 = 311 parameters, 8 statistics, 1 moments
      @0 conv2d1.weights [4x3x3x3] decayed
      @108 batchNorm1.gamma [4]
      @112 batchNorm1.beta [4]
      @116 logits.weights [3x64] decayed
      @308 logits.bias [3]
      @311 batchNorm1.mean [4]
      @315 batchNorm1.variance [4]
    %2 conv2d1.out [4x8x8] = convForward images conv2d1.weights - kernel 3x3 pad (1 1 1 1)
    %4 relu1.out [4x8x8], batchNorm1.batchMean, batchNorm1.batchVariance = batchNormForward %2 batchNorm1.gamma batchNorm1.beta batchNorm1.mean batchNorm1.variance by batch eps 1e-5 +relu
    %11 maxPool1.out [4x4x4] = maxPoolForward %4 kernel 2x2 stride 2x2
    %12 flat.out [64] = reshape %11
    %13 logits.out [3] = denseForward %12 logits.weights logits.bias
    loss, correct = lossForward %13 labels crossEntropy"
  `);
});

it('prints dropout: the same instruction forward and on the gradient', () => {
  const adam = planOf({ kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l1: 0, l2: 0.01 });
  const body = chain(['flatten'], ['dense', { units: 5 }], ['sigmoid'], ['dropout', { rate: 0.25 }]);
  expect(printed([1, 2, 3], body, { optimizer: adam })).toMatchInlineSnapshot(`
    "train f32 [1x2x3] -> 3 classes; logits %8
    state 159 = 53 parameters, 0 statistics, 2 moments
      @0 dense1.weights [5x6] decayed
      @30 dense1.bias [5]
      @35 logits.weights [3x5] decayed
      @50 logits.bias [3]
    %2 flatten1.out [6] = reshape images
    %3 dense1.out [5] = denseForward %2 dense1.weights dense1.bias
    %6 sigmoid1.out [5] = activationForward %3 sigmoid
    %7 dropout1.out [5] = dropout %6 rate 0.25 salt 4
    %8 logits.out [3] = denseForward %7 logits.weights logits.bias
    loss, correct, %13 output.slopes [3] = lossForward %8 labels crossEntropy
    %14 d(logits.out) [3] = lossBackward %13 labels
    d(logits.weights), d(logits.bias) = denseBackwardWeights %7 %14
    %17 d(dropout1.out) [5] = denseBackwardData %14 logits.weights
    %18 d(sigmoid1.out) [5] = dropout %17 rate 0.25 salt 4
    %19 d(dense1.out) [5] = activationBackward %3 %6 %18 sigmoid
    d(dense1.weights), d(dense1.bias) = denseBackwardWeights %2 %19
    update by adamw betas 0.9 0.999 eps 1e-8 l1 0 l2 0.01"
  `);
});

it('prints the gradient at the input and windows with all their attributes', () => {
  const body = chain(
    ['conv2d', { filters: 6, groups: 3, stride: 2, dilation: 2 }],
    ['avgPool'],
    ['leakyRelu', { alpha: 0.2 }],
  );
  expect(printed([3, 9, 9], body, { inputGradient: true, fuse: false })).toMatchInlineSnapshot(`
    "train f32 [3x9x9] -> 3 classes; logits %8, inputGradient %23
    state 270 = 135 parameters, 0 statistics, 1 moments
      @0 conv2d1.weights [6x1x3x3] decayed
      @54 conv2d1.bias [6]
      @60 logits.weights [3x24] decayed
      @132 logits.bias [3]
    %2 conv2d1.out [6x5x5] = convForward images conv2d1.weights conv2d1.bias kernel 3x3 stride 2x2 pad (2 2 2 2) dilation 2x2 groups 3
    %5 avgPool1.out [6x2x2] = averagePoolForward %2 kernel 2x2 stride 2x2
    %6 leakyRelu1.out [6x2x2] = activationForward %5 leakyRelu alpha 0.2
    %7 flat.out [24] = reshape %6
    %8 logits.out [3] = denseForward %7 logits.weights logits.bias
    loss, correct, %13 output.slopes [3] = lossForward %8 labels crossEntropy
    %14 d(logits.out) [3] = lossBackward %13 labels
    d(logits.weights), d(logits.bias) = denseBackwardWeights %7 %14
    %17 d(flat.out) [24] = denseBackwardData %14 logits.weights
    %18 d(leakyRelu1.out) [6x2x2] = reshape %17
    %19 d(avgPool1.out) [6x2x2] = activationBackward %5 %6 %18 leakyRelu alpha 0.2
    %20 d(conv2d1.out) [6x5x5] = averagePoolBackward %19 kernel 2x2 stride 2x2
    d(conv2d1.weights), d(conv2d1.bias) = convBackwardWeights images %20 kernel 3x3 stride 2x2 pad (2 2 2 2) dilation 2x2 groups 3
    %23 d(images) [3x9x9] = convBackwardData %20 conv2d1.weights kernel 3x3 stride 2x2 pad (2 2 2 2) dilation 2x2 groups 3
    update by sgd momentum 0.9 l1 0 l2 0"
  `);
});

it('prints norms within a sample, slopes, softmax and dropped channels, forward and backward', () => {
  const body = chain(
    ['conv2d', { filters: 4, kernel: 1, bias: false }],
    ['groupNorm', { groups: 2 }],
    ['prelu'],
    ['layerNorm', { over: 'eachPixel', gamma: false, epsilon: 1e-3 }],
    ['spatialDropout', { rate: 0.25 }],
    ['softmax'],
  );
  const lines = printed([1, 2, 2], body).split('\n');
  expect(lines.filter((line) => /= (sampleNorm|prelu|softmax|channelDropout)/.test(line)).join('\n'))
    .toMatchInlineSnapshot(`
    "%4 groupNorm1.out [4x2x2] = sampleNormForward %2 groupNorm1.gamma groupNorm1.beta over 2 groups eps 1e-5
    %7 prelu1.out [4x2x2] = preluForward %4 prelu1.weights
    %9 layerNorm1.out [4x2x2] = sampleNormForward %7 - layerNorm1.beta over channels eps 0.001
    %11 spatialDropout1.out [4x2x2] = channelDropout %9 rate 0.25 salt 5
    %12 softmax1.out [4x2x2] = softmaxForward %11
    %25 d(spatialDropout1.out) [4x2x2] = softmaxBackward %12 %24
    %26 d(layerNorm1.out) [4x2x2] = channelDropout %25 rate 0.25 salt 5
    %27 d(prelu1.out) [4x2x2], d(layerNorm1.beta) = sampleNormBackward %7 %26 - over channels eps 0.001
    %29 d(groupNorm1.out) [4x2x2], d(prelu1.weights) = preluBackward %4 prelu1.weights %27
    %31 d(conv2d1.out) [4x2x2], d(groupNorm1.gamma), d(groupNorm1.beta) = sampleNormBackward %2 %29 groupNorm1.gamma over 2 groups eps 1e-5"
  `);
});

it('prints windows that round up, adaptive means and dropped samples, forward and backward', () => {
  const pool = { kernel: 3, stride: 2, padding: 'explicit', pad: 1, ceilMode: true } as const;
  const body = chain(
    ['conv2d', { filters: 4, kernel: 3, padding: 'explicit', padY: 0, asymmetric: true, padBottom: 2 }],
    ['avgPool', { ...pool, countPadding: true }],
    ['stochasticDepth', { rate: 0.25 }],
    ['relu6'],
    ['adaptiveAvgPool', { height: 2, width: 2 }],
  );
  const lines = printed([1, 4, 6], body).split('\n');
  expect(lines.filter((line) => /= (conv|pad|average|adaptive|sample|activation)/.test(line)).join('\n'))
    .toMatchInlineSnapshot(`
    "%2 conv2d1.out [4x4x6] = convForward images conv2d1.weights conv2d1.bias kernel 3x3 pad (0 1 2 1)
    %5 avgPool1.padded [4x6x8] = padForward %2 constant pad (1 1 1 1)
    %6 avgPool1.out [4x3x4] = averagePoolForward %5 kernel 3x3 stride 2x2 pad (0 0 1 1)
    %7 stochasticDepth1.out [4x3x4] = sampleDropout %6 rate 0.25 salt 3
    %8 relu61.out [4x3x4] = activationForward %7 relu6
    %9 adaptiveAvgPool1.out [4x2x2] = adaptiveAveragePoolForward %8
    %22 d(relu61.out) [4x3x4] = adaptiveAveragePoolBackward %21
    %23 d(stochasticDepth1.out) [4x3x4] = activationBackward %7 %8 %22 relu6
    %24 d(avgPool1.out) [4x3x4] = sampleDropout %23 rate 0.25 salt 3
    %25 d(avgPool1.padded) [4x6x8] = averagePoolBackward %24 kernel 3x3 stride 2x2 pad (0 0 1 1)
    %26 d(conv2d1.out) [4x4x6] = padBackward %25 constant pad (1 1 1 1)
    d(conv2d1.weights), d(conv2d1.bias) = convBackwardWeights images %26 kernel 3x3 pad (0 1 2 1)"
  `);
});

it('prints transposed windows, frames, enlarging and products', () => {
  const body: Parameters<typeof printed>[1] = (add, input) => {
    const up = add('convTranspose2d', [input], { filters: 4, groups: 1, bias: false });
    const framed = add('pad', [up], { value: 0.5, top: 0 });
    const large = add('upsample', [framed], { interpolation: 'bilinear' });
    const gate = add('dense', [add('globalAvgPool', [large])], { units: 4 });
    return add('avgPool', [add('multiply', [gate, large])], { countPadding: true });
  };
  expect(printed([3, 2, 2], body, {})).toMatchInlineSnapshot(`
    "train f32 [3x2x2] -> 3 classes; logits %14
    state 1150 = 575 parameters, 0 statistics, 1 moments
      @0 convTranspose2d1.weights [3x4x4x4] decayed
      @192 dense1.weights [4x4] decayed
      @208 dense1.bias [4]
      @212 logits.weights [3x120] decayed
      @572 logits.bias [3]
    %2 convTranspose2d1.out [4x4x4] = convTransposeForward images convTranspose2d1.weights - kernel 4x4 stride 2x2 pad (1 1 1 1)
    %4 pad1.out [4x5x6] = padForward %2 constant pad (0 1 1 1) value 0.5
    %5 upsample1.out [4x10x12] = resampleForward %4 bilinear
    %6 globalAvgPool1.out [4] = globalAveragePoolForward %5
    %7 dense1.out [4] = denseForward %6 dense1.weights dense1.bias
    %10 multiply1.gate1 [4x1x1] = reshape %7
    %11 multiply1.out [4x10x12] = multiplyForward %10 %5
    %12 avgPool1.out [4x5x6] = averagePoolForward %11 kernel 2x2 stride 2x2 counting padding
    %13 flat.out [120] = reshape %12
    %14 logits.out [3] = denseForward %13 logits.weights logits.bias
    loss, correct, %19 output.slopes [3] = lossForward %14 labels crossEntropy
    %20 d(logits.out) [3] = lossBackward %19 labels
    d(logits.weights), d(logits.bias) = denseBackwardWeights %13 %20
    %23 d(flat.out) [120] = denseBackwardData %20 logits.weights
    %24 d(avgPool1.out) [4x5x6] = reshape %23
    %25 d(multiply1.out) [4x10x12] = averagePoolBackward %24 kernel 2x2 stride 2x2 counting padding
    %26 d(multiply1.gate1) [4x1x1], %27 d(upsample1.out)@multiply1 [4x10x12] = multiplyBackward %10 %5 %25
    %28 d(dense1.out) [4] = reshape %26
    d(dense1.weights), d(dense1.bias) = denseBackwardWeights %6 %28
    %31 d(globalAvgPool1.out) [4] = denseBackwardData %28 dense1.weights
    %32 d(upsample1.out)@globalAvgPool1 [4x10x12] = globalAveragePoolBackward %31
    %33 d(upsample1.out) [4x10x12] = sum %27 %32
    %34 d(pad1.out) [4x5x6] = resampleBackward %33 bilinear
    %35 d(convTranspose2d1.out) [4x4x4] = padBackward %34 constant pad (0 1 1 1)
    d(convTranspose2d1.weights) = convTransposeBackwardWeights images %35 kernel 4x4 stride 2x2 pad (1 1 1 1)
    update by sgd momentum 0.9 l1 0 l2 0"
  `);
});
