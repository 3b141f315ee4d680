import { createDocument } from '../../document/create.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { GraphDocument, Params } from '../../document/schema.ts';
import { GraphBuilder } from '../../templates/graphBuilder.ts';

/** Maximum number of inputs of a Concat. */
const MOST_INPUTS = 8;

type Add = (id: string, kind: string, sources: readonly NodeId[], params?: Params) => NodeId;

/** A project named `name` of the blocks that `draw` adds, in one column. */
function documentOf(name: string, draw: (add: Add) => void): GraphDocument {
  const builder = new GraphBuilder();
  let row = 0;
  draw((id, kind, sources, params) => builder.add(id, kind, [0, row++], sources, params));
  const { graph, positions } = builder.build();
  return { ...createDocument(name, name), graph, layout: { positions } };
}

const ACTIVATION_PARAMS: Readonly<Record<string, Params>> = {
  relu: {},
  relu6: {},
  leakyRelu: { alpha: 0.2 },
  elu: { alpha: 0.7 },
  gelu: {},
  silu: {},
  hardSwish: {},
  sigmoid: {},
  hardSigmoid: {},
  tanh: {},
};

/**
 * Every block that works on images, with an odd image size: each kind of padding, uneven padding, stride, dilation,
 * groups, rectangular kernels, all activations, pooling with padding, dropout, sums of two and three, Concat.
 */
export function everyImageBlock(): GraphDocument {
  return documentOf('every-picture-block', (add) => {
    const input = add('input', 'input', [], { height: 14, width: 11, channels: 3 });
    const stem = add('stem', 'conv2d', [input], {
      filters: 8,
      kernel: 3,
      stride: 2,
      padding: 'same',
      bias: false,
    });
    const norm = add('stemBn', 'batchNorm', [stem], { averaging: 'cumulative', ghostSize: 2 });
    /** Uses one Concat for up to eight sources, and one more for every seven above that. */
    const join = (sources: NodeId[]): NodeId =>
      sources.length <= MOST_INPUTS
        ? add('join', 'concat', sources, { inputs: sources.length })
        : join([
            add(`join${String(sources.length)}`, 'concat', sources.slice(0, MOST_INPUTS), {
              inputs: MOST_INPUTS,
            }),
            ...sources.slice(MOST_INPUTS),
          ]);
    const branches = Object.entries(ACTIVATION_PARAMS).map(([kind, params]) =>
      add(`act-${kind}`, kind, [norm], params),
    );
    const joined = join(branches);
    const grouped = add('grouped', 'conv2d', [joined], {
      ...{ filters: 6, groups: 2, dilation: 2, kernel: 3, rectangular: true, kernelX: 5 },
      ...{ padding: 'explicit', padY: 2, padX: 3 },
    });
    const groupedNorm = add('groupedBn', 'batchNorm', [grouped], {
      epsilon: 1e-3,
      decay: 0.99,
      variance: 'biased',
      renorm: true,
    });
    const dropped = add('drop', 'dropout', [groupedNorm], { rate: 0.3 });
    const max = add('maxSame', 'maxPool', [dropped], { kernel: 3, stride: 2, padding: 'same' });
    const average = add('avgSame', 'avgPool', [dropped], { kernel: 2, stride: 2, padding: 'same' });
    const padded = add('avgPadded', 'avgPool', [max], {
      ...{ kernel: 3, stride: 1, padding: 'explicit', pad: 1, countPadding: true },
    });
    const paddedMax = add('maxPadded', 'maxPool', [average], {
      kernel: 3,
      stride: 1,
      padding: 'explicit',
      pad: 1,
    });
    const sum = add('sum3', 'add', [max, padded, paddedMax], { inputs: 3 });
    const valid = add('valid', 'conv2d', [sum], { filters: 6, kernel: 2, padding: 'valid' });
    const depthwise = add('depthwise', 'conv2d', [valid], {
      filters: 6,
      groups: 6,
      kernel: 3,
      padding: 'same',
    });
    const pair = add('sum2', 'add', [valid, depthwise]);
    const flat = add('flat', 'flatten', [pair]);
    add('output', 'output', [add('logitsLayer', 'dense', [flat], { units: 5 })]);
  });
}

/**
 * Every block that upsamples, pads, gates or reshapes images, and a squeeze-and-excitation: transposed convolutions
 * with each padding, grouped and with output padding, with BatchNorm to fold into them.
 */
export function everyResizingBlock(): GraphDocument {
  return documentOf('every-resizing-block', (add) => {
    const input = add('input', 'input', [], { height: 5, width: 4, channels: 3 });
    const framed = add('frame', 'pad', [input], { value: 1.5, top: 2, bottom: 0, left: 1, right: 3 });
    const mirrored = add('mirror', 'pad', [framed], {
      border: 'reflect',
      top: 1,
      bottom: 2,
      left: 3,
      right: 0,
    });
    const repeated = add('edge', 'pad', [mirrored], {
      border: 'replicate',
      top: 0,
      bottom: 1,
      left: 2,
      right: 1,
    });
    const stem = add('stem', 'conv2d', [repeated], { filters: 6, stride: 3 });
    const same = add('same', 'convTranspose2d', [stem], { filters: 6, kernel: 3, bias: false });
    const sameNorm = add('sameBn', 'batchNorm', [same]);
    const grouped = add('grouped', 'convTranspose2d', [stem], {
      ...{ filters: 6, groups: 3, kernel: 3, rectangular: true, kernelX: 2, padding: 'explicit' },
      ...{ padY: 1, padX: 0, outputPadding: 1 },
    });
    const groupedNorm = add('groupedBn', 'batchNorm', [grouped], { epsilon: 1e-3 });
    const cut = add('cut', 'maxPool', [groupedNorm], { kernel: 2, stride: 1, padding: 'same' });
    const narrow = add('narrow', 'convTranspose2d', [cut], {
      ...{ filters: 4, kernel: 2, stride: 3, dilation: 2, padding: 'valid' },
    });
    const small = add('small', 'globalAvgPool', [narrow]);
    const gate = add('gate', 'sigmoid', [add('excite', 'dense', [small], { units: 6 })]);
    const asImage = add('asPicture', 'reshape', [gate]);
    const spatial = add('spatial', 'sigmoid', [add('spatialConv', 'conv2d', [sameNorm], { filters: 1 })]);
    const gated = add('gated', 'multiply', [sameNorm, asImage, spatial], { inputs: 3 });
    const again = add('again', 'multiply', [gate, gated]);
    const near = add('near', 'upsample', [again], { factor: 3 });
    const smooth = add('smooth', 'upsample', [again], { factor: 3, interpolation: 'bilinear' });
    const folded = add('folded', 'reshape', [add('sum', 'add', [near, smooth])], {
      channels: 9,
      height: -1,
      width: 6,
    });
    const flat = add('flat', 'reshape', [add('pooled', 'maxPool', [folded])], { to: 'vector' });
    add('output', 'output', [add('logitsLayer', 'dense', [flat], { units: 5 })]);
  });
}

/**
 * BatchNorm where it can be folded and where it cannot: after Input, Add, pooling, activation, Dropout, another
 * BatchNorm, and a convolution with a second use; vectors joined by Concat; block names that look like the file's own.
 */
export function everyFoldCase(): GraphDocument {
  return documentOf('every-fold-case', (add) => {
    const input = add('images', 'input', [], { height: 9, width: 8, channels: 1 });
    const first = add('afterInput', 'batchNorm', [input]);
    const conv = add('logits', 'conv2d', [first], { filters: 4, bias: false });
    const folded = add('folded', 'batchNorm', [conv], { epsilon: 0.01 });
    const twice = add('twice', 'batchNorm', [folded]);
    const shared = add('shared', 'conv2d', [twice], { filters: 4 });
    const sharedNorm = add('sharedBn', 'batchNorm', [shared]);
    const sum = add('sum', 'add', [shared, sharedNorm]);
    const afterSum = add('afterSum', 'batchNorm', [sum]);
    const active = add('probabilities', 'tanh', [afterSum]);
    const afterActivation = add('afterActivation', 'batchNorm', [active]);
    const pooled = add('pooled', 'maxPool', [afterActivation]);
    const afterPool = add('afterPool', 'batchNorm', [pooled]);
    const mean = add('mean', 'globalAvgPool', [afterPool]);
    const wide = add('wide', 'flatten', [afterPool]);
    const both = add('both', 'concat', [mean, wide]);
    const dense = add('dense', 'dense', [both], { units: 6 });
    const denseNorm = add('denseBn', 'batchNorm', [dense]);
    const dropped = add('dropped', 'dropout', [denseNorm]);
    const afterDropout = add('afterDropout', 'batchNorm', [dropped]);
    add('output', 'output', [add('last', 'dense', [afterDropout], { units: 3, bias: false })]);
  });
}

/**
 * BatchNorm that can be folded into the layer after it: Input, BatchNorm, a grouped convolution without padding, and so
 * on to Dense; and where that is not exact: a convolution that pads, one that is transposed, two uses.
 */
export function everyForwardFold(): GraphDocument {
  return documentOf('every-forward-fold', (add) => {
    const input = add('input', 'input', [], { height: 11, width: 9, channels: 3 });
    const first = add('first', 'batchNorm', [input]);
    const valid = { padding: 'valid', kernel: 3 } as const;
    const conv = add('conv', 'conv2d', [first], { ...valid, filters: 6, bias: false });
    const back = add('back', 'batchNorm', [conv], { epsilon: 0.01 });
    const chained = add('chained', 'batchNorm', [back]);
    const grouped = add('grouped', 'conv2d', [chained], { ...valid, filters: 4, groups: 2, stride: 2 });
    const active = add('active', 'tanh', [grouped]);
    const toPoint = add('toPoint', 'batchNorm', [active]);
    // Same padding of a 1 x 1 kernel adds no pixel.
    const point = add('point', 'conv2d', [toPoint], { filters: 4, kernel: 1, stride: 2 });
    const padded = add('padded', 'conv2d', [add('toPadded', 'batchNorm', [add('bent', 'relu', [point])])], {
      filters: 4,
    });
    const grown = add(
      'grown',
      'convTranspose2d',
      [add('toGrown', 'batchNorm', [add('r', 'relu', [padded])])],
      {
        filters: 4,
      },
    );
    const twice = add('twice', 'batchNorm', [add('r2', 'relu', [grown])]);
    const one = add('one', 'conv2d', [twice], { ...valid, kernel: 1, filters: 4 });
    const vector = add('vector', 'flatten', [add('sum', 'add', [one, twice])]);
    const last = add('toDense', 'batchNorm', [vector]);
    add('output', 'output', [add('dense', 'dense', [last], { units: 3, bias: false })]);
  });
}

/**
 * What photo networks need: padding that differs from side to side, pooling that rounds up with padding counted or not,
 * adaptive pooling to sizes of every kind, stochastic depth, a squeeze-and-excitation by convolutions. With `roundsUp`
 * false, average pooling does not round up and counts uneven padding, which is all that Keras has.
 */
export function everyPhotoBlock({ roundsUp = true }: { readonly roundsUp?: boolean } = {}): GraphDocument {
  return documentOf('every-photo-block', (add) => {
    const input = add('input', 'input', [], { height: 15, width: 13, channels: 3 });
    const sides = { padding: 'explicit', asymmetric: true, padBottom: 2, padRight: 1 } as const;
    const window = { kernel: 3, stride: 2 } as const;
    const stem = add('stem', 'conv2d', [input], {
      ...{ filters: 8, bias: false },
      ...{ ...window, ...sides, padY: 0, padX: 2 },
    });
    const active = add('active', 'relu6', [add('stemBn', 'batchNorm', [stem], { epsilon: 1e-3 })]);
    const mean = add('mean', 'reshape', [add('gap', 'globalAvgPool', [active])]);
    const squeezed = add('squeezed', 'silu', [add('reduce', 'conv2d', [mean], { filters: 2, kernel: 1 })]);
    const gate = add('gate', 'hardSigmoid', [add('expand', 'conv2d', [squeezed], { filters: 8, kernel: 1 })]);
    const branch = add('depth', 'stochasticDepth', [add('gated', 'multiply', [active, gate])]);
    const sum = add('sum', 'add', [branch, active]);
    const large = add('large', 'convTranspose2d', [sum], {
      ...{ filters: 8, outputPadding: 1 },
      ...{ ...window, ...sides, padY: 1, padX: 0, padBottom: 1, padRight: 0 },
    });
    const padded = { ...window, padding: 'explicit', pad: 1, ceilMode: true } as const;
    const uneven = { ...padded, asymmetric: true, padLeft: 2, padBottom: 0, padRight: 1 } as const;
    const meanParams = roundsUp ? {} : ({ ceilMode: false, countPadding: true } as const);
    const pools = [
      add('max', 'maxPool', [large], padded),
      add('maxUneven', 'maxPool', [large], uneven),
      add('mean1', 'avgPool', [large], { ...padded, ceilMode: roundsUp }),
      add('meanCounted', 'avgPool', [large], { ...padded, countPadding: true, ...meanParams }),
      add('meanUneven', 'avgPool', [large], { ...uneven, countPadding: true, ...meanParams }),
      add('meanUp', 'avgPool', [sum], {
        ...{ kernel: 4, stride: 3, ceilMode: true, countPadding: true },
        ...meanParams,
      }),
      add('maxUp', 'maxPool', [sum], { kernel: 2, ceilMode: true }),
    ];
    const sizes = [
      [1, 1],
      [4, 7],
      [2, 7],
      [8, 7],
      [3, 9],
      [11, 2],
    ] as const;
    const adapted = sizes.map(([height, width]) =>
      add(`adapted${String(height)}x${String(width)}`, 'adaptiveAvgPool', [sum], { height, width }),
    );
    const vectors = [...pools, ...adapted].map((each) => add(`${each}Flat`, 'flatten', [each]));
    const half = add('half', 'concat', vectors.slice(0, MOST_INPUTS), { inputs: MOST_INPUTS });
    const rest = vectors.slice(MOST_INPUTS);
    const all = add('all', 'concat', [half, ...rest], { inputs: rest.length + 1 });
    add('output', 'output', [add('logitsLayer', 'dense', [all], { units: 5 })]);
  });
}

/** Every block that Caffe 1.0 expresses, exactly or composed, with block names that its files use themselves. */
export function everyCaffeBlock(): GraphDocument {
  return documentOf('every-caffe-block', (add) => {
    const input = add('input', 'input', [], { height: 14, width: 11, channels: 3 });
    const stem = add('data', 'conv2d', [input], { filters: 8, kernel: 3, stride: 2, bias: false });
    const norm = add('label', 'batchNorm', [stem], { averaging: 'cumulative', ghostSize: 2 });
    const frozen = { normalizeBy: 'stored', updateStatistics: false, trainGamma: false } as const;
    const stored = add('stored', 'batchNorm', [norm], { ...frozen, epsilon: 1e-3, decay: 0.99 });
    const kinds = ['relu', 'relu6', 'leakyRelu', 'prelu', 'elu', 'silu', 'hardSwish', 'sigmoid'] as const;
    const bent = kinds.map((kind) => add(`act-${kind}`, kind, [stored]));
    const joined = add('join', 'concat', bent, { inputs: bent.length });
    const more = add(
      'join2',
      'concat',
      [
        ...[joined, add('hard', 'hardSigmoid', [stored]), add('tanh', 'tanh', [stored])],
        ...[add('shared', 'prelu', [stored], { shared: true, trainWeights: false })],
      ],
      { inputs: 4 },
    );
    const grouped = add('grouped', 'conv2d', [more], {
      ...{ filters: 6, groups: 2, dilation: 2, kernel: 3, rectangular: true, kernelX: 5, rateFactor: 0.5 },
      ...{ padding: 'explicit', padY: 2, padX: 3 },
    });
    const window = { kernel: 3, stride: 2 } as const;
    const padded = { ...window, padding: 'explicit', pad: 1 } as const;
    const uneven = { ...padded, asymmetric: true, padLeft: 2, padBottom: 0, padRight: 1 } as const;
    const sides = { padding: 'explicit', asymmetric: true, padBottom: 2, padRight: 1 } as const;
    const wide = add('wide', 'conv2d', [stored], { filters: 6, ...window, ...sides, padY: 0, padX: 2 });
    const large = add('large', 'convTranspose2d', [wide], {
      ...{ filters: 6, groups: 3, outputPadding: 1 },
      ...{ ...window, ...sides, padY: 1, padX: 0, padBottom: 1, padRight: 0 },
    });
    const pools = [
      ...[add('max', 'maxPool', [large], window), add('maxPadded', 'maxPool', [large], padded)],
      add('maxUp', 'maxPool', [large], { ...padded, ceilMode: true }),
      ...[add('maxSame', 'maxPool', [grouped], { ...window, padding: 'same' })],
      ...[add('mean', 'avgPool', [large], window)],
      add('meanPadded', 'avgPool', [large], { ...padded, countPadding: true }),
      add('meanUneven', 'avgPool', [large], { ...uneven, countPadding: true, ceilMode: true }),
      add('meanUp', 'avgPool', [grouped], { kernel: 2, stride: 3, ceilMode: true }),
    ];
    const one = add('one', 'adaptiveAvgPool', [grouped], { height: 1, width: 1 });
    const near = add('near', 'upsample', [add('cut', 'maxPool', [wide], window)], { factor: 3 });
    const framed = add('frame', 'pad', [near], { top: 2, bottom: 0, left: 1, right: 3 });
    const gate = add('gate', 'sigmoid', [add('expand', 'conv2d', [one], { filters: 8, kernel: 1 })]);
    const vector = add('vector', 'softmax', [add('gap', 'globalAvgPool', [norm])]);
    const spatial = add('spatial', 'sigmoid', [add('pixel', 'conv2d', [norm], { filters: 1 })]);
    const gated = add('gated', 'multiply', [stored, gate, vector, spatial], { inputs: 4 });
    const sum = add('sum', 'add', [gated, norm, stored], { inputs: 3 });
    const dropped = add('drop', 'dropout', [add('depth', 'stochasticDepth', [sum])]);
    const flats = [...pools, framed, dropped].map((each) => add(`${each}Flat`, 'flatten', [each]));
    const half = add('half', 'concat', flats.slice(0, MOST_INPUTS), { inputs: MOST_INPUTS });
    const rest = flats.slice(MOST_INPUTS);
    const asImage = add('asImage', 'reshape', [vector]);
    const all = add('all', 'concat', [half, ...rest, add('again', 'flatten', [asImage])], {
      inputs: rest.length + 2,
    });
    const dense = add('prob', 'dense', [all], { units: 6, bias: false });
    const denseNorm = add('loss', 'batchNorm', [add('pvector', 'prelu', [dense])]);
    const product = add('times', 'multiply', [denseNorm, dense]);
    add('output', 'output', [add('accuracy', 'dense', [product], { units: 5 })]);
  });
}

/** A Flatten and a Dense with this id. */
export function oneDense(id: string): GraphDocument {
  return documentOf('one-dense', (add) => {
    const input = add('input', 'input', [], { height: 3, width: 2, channels: 1 });
    add('output', 'output', [add(id, 'dense', [add('flat', 'flatten', [input])], { units: 4 })]);
  });
}

export function withoutBatchNorm(): GraphDocument {
  return documentOf('without-batch-norm', (add) => {
    const input = add('input', 'input', [], { height: 6, width: 6, channels: 3 });
    const conv = add('conv1', 'conv2d', [input], { filters: 4 });
    const flat = add('flat', 'flatten', [add('relu1', 'relu', [conv])]);
    add('output', 'output', [add('dense1', 'dense', [flat], { units: 4 })]);
  });
}

/**
 * All norms within a sample, for images and for vectors, with and without gamma and beta; PReLU, Softmax, GELU with
 * tanh, and SpatialDropout.
 */
export function everyChannelBlock(): GraphDocument {
  return documentOf('every-channel-block', (add) => {
    const input = add('input', 'input', [], { height: 7, width: 6, channels: 3 });
    const stem = add('stem', 'conv2d', [input], { filters: 8 });
    const norms = [
      add('lnSample', 'layerNorm', [stem]),
      add('lnPixel', 'layerNorm', [stem], { over: 'eachPixel', epsilon: 1e-3 }),
      add('lnChannel', 'layerNorm', [stem], { affine: 'eachChannel' }),
      add('gn', 'groupNorm', [stem], { groups: 4, epsilon: 1e-2 }),
      add('gnPlain', 'groupNorm', [stem], { groups: 2, gamma: false, beta: false }),
      add('gnShift', 'groupNorm', [stem], { groups: 2, gamma: false }),
      add('instance', 'instanceNorm', [stem]),
      add('instancePlain', 'instanceNorm', [stem], { gamma: false, beta: false }),
    ];
    const joined = add('join', 'concat', norms, { inputs: norms.length });
    const bent = add('prelu', 'prelu', [joined], { initial: 0.4 });
    const shared = add('preluShared', 'prelu', [bent], { shared: true });
    const dropped = add('spatial', 'spatialDropout', [shared]);
    const mixed = add('mixed', 'conv2d', [dropped], { filters: 6, stride: 2, kernel: 3 });
    const gate = add('gate', 'softmax', [add('smooth', 'gelu', [mixed], { form: 'tanh' })]);
    const both = add('both', 'add', [gate, mixed]);
    const flat = add('flat', 'flatten', [both]);
    const dense = add('dense', 'dense', [flat], { units: 12 });
    const vectors = [
      add('lnVector', 'layerNorm', [dense], { beta: false }),
      add('gnVector', 'groupNorm', [dense], { groups: 3 }),
      add('lnPlain', 'layerNorm', [dense], { over: 'eachPixel', gamma: false }),
      add('preluVector', 'prelu', [add('softVector', 'softmax', [dense])]),
    ];
    const wide = add('wide', 'concat', vectors, { inputs: vectors.length });
    add('output', 'output', [add('last', 'dense', [wide], { units: 5 })]);
  });
}
