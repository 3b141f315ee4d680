/*
 * The messages of caffe.proto (github.com/BVLC/caffe, src/caffe/proto) that describe networks: number, name and type of
 * each field that the reader looks at. Other fields are skipped.
 */

export type FieldType = 'int' | 'float' | 'text' | 'blob' | Schema;
export interface Schema {
  readonly [number: string]: readonly [name: string, type: FieldType];
}

const BLOB_SHAPE: Schema = { 1: ['dim', 'int'] };

const CONVOLUTION: Schema = {
  1: ['num_output', 'int'],
  2: ['bias_term', 'int'],
  3: ['pad', 'int'],
  4: ['kernel_size', 'int'],
  5: ['group', 'int'],
  6: ['stride', 'int'],
  9: ['pad_h', 'int'],
  10: ['pad_w', 'int'],
  11: ['kernel_h', 'int'],
  12: ['kernel_w', 'int'],
  13: ['stride_h', 'int'],
  14: ['stride_w', 'int'],
  16: ['axis', 'int'],
  18: ['dilation', 'int'],
};

const POOLING: Schema = {
  1: ['pool', 'int'],
  2: ['kernel_size', 'int'],
  3: ['stride', 'int'],
  4: ['pad', 'int'],
  5: ['kernel_h', 'int'],
  6: ['kernel_w', 'int'],
  7: ['stride_h', 'int'],
  8: ['stride_w', 'int'],
  9: ['pad_h', 'int'],
  10: ['pad_w', 'int'],
  12: ['global_pooling', 'int'],
  13: ['round_mode', 'int'],
};

const INNER_PRODUCT: Schema = {
  1: ['num_output', 'int'],
  2: ['bias_term', 'int'],
  5: ['axis', 'int'],
  6: ['transpose', 'int'],
};

const BATCH_NORM: Schema = {
  1: ['use_global_stats', 'int'],
  2: ['moving_average_fraction', 'float'],
  3: ['eps', 'float'],
};

const SCALE: Schema = { 1: ['axis', 'int'], 2: ['num_axes', 'int'], 4: ['bias_term', 'int'] };
const BIAS: Schema = { 1: ['axis', 'int'], 2: ['num_axes', 'int'] };
const RELU: Schema = { 1: ['negative_slope', 'float'] };
const PRELU: Schema = { 2: ['channel_shared', 'int'] };
const ELU: Schema = { 1: ['alpha', 'float'] };
const SWISH: Schema = { 1: ['beta', 'float'] };
const CLIP: Schema = { 1: ['min', 'float'], 2: ['max', 'float'] };
const ELTWISE: Schema = { 1: ['operation', 'int'], 2: ['coeff', 'float'] };
const CONCAT: Schema = { 1: ['concat_dim', 'int'], 2: ['axis', 'int'] };
const DROPOUT: Schema = { 1: ['dropout_ratio', 'float'] };
const FLATTEN: Schema = { 1: ['axis', 'int'], 2: ['end_axis', 'int'] };
const SOFTMAX: Schema = { 2: ['axis', 'int'] };
const POWER: Schema = { 1: ['power', 'float'], 2: ['scale', 'float'], 3: ['shift', 'float'] };
const RESHAPE: Schema = { 1: ['shape', BLOB_SHAPE], 2: ['axis', 'int'], 3: ['num_axes', 'int'] };
const INPUT: Schema = { 1: ['shape', BLOB_SHAPE] };

const TRANSFORM: Schema = {
  1: ['scale', 'float'],
  2: ['mirror', 'int'],
  3: ['crop_size', 'int'],
  4: ['mean_file', 'text'],
  5: ['mean_value', 'float'],
  7: ['force_gray', 'int'],
};

const DATA: Schema = {
  2: ['scale', 'float'],
  3: ['mean_file', 'text'],
  5: ['crop_size', 'int'],
  6: ['mirror', 'int'],
};

const IMAGE_DATA: Schema = {
  ...DATA,
  9: ['new_height', 'int'],
  10: ['new_width', 'int'],
  11: ['is_color', 'int'],
};

const MEMORY_DATA: Schema = { 2: ['channels', 'int'], 3: ['height', 'int'], 4: ['width', 'int'] };

const DUMMY_DATA: Schema = {
  2: ['num', 'int'],
  3: ['channels', 'int'],
  4: ['height', 'int'],
  5: ['width', 'int'],
  6: ['shape', BLOB_SHAPE],
};

const STATE: Schema = { 1: ['phase', 'int'], 2: ['level', 'int'], 3: ['stage', 'text'] };

const RULE: Schema = {
  1: ['phase', 'int'],
  2: ['min_level', 'int'],
  3: ['max_level', 'int'],
  4: ['stage', 'text'],
  5: ['not_stage', 'text'],
};

const LAYER: Schema = {
  1: ['name', 'text'],
  2: ['type', 'text'],
  3: ['bottom', 'text'],
  4: ['top', 'text'],
  6: ['param', { 3: ['lr_mult', 'float'] }],
  7: ['blobs', 'blob'],
  8: ['include', RULE],
  9: ['exclude', RULE],
  100: ['transform_param', TRANSFORM],
  104: ['concat_param', CONCAT],
  106: ['convolution_param', CONVOLUTION],
  107: ['data_param', DATA],
  108: ['dropout_param', DROPOUT],
  109: ['dummy_data_param', DUMMY_DATA],
  110: ['eltwise_param', ELTWISE],
  115: ['image_data_param', IMAGE_DATA],
  117: ['inner_product_param', INNER_PRODUCT],
  119: ['memory_data_param', MEMORY_DATA],
  121: ['pooling_param', POOLING],
  122: ['power_param', POWER],
  123: ['relu_param', RELU],
  125: ['softmax_param', SOFTMAX],
  131: ['prelu_param', PRELU],
  133: ['reshape_param', RESHAPE],
  135: ['flatten_param', FLATTEN],
  139: ['batch_norm_param', BATCH_NORM],
  140: ['elu_param', ELU],
  141: ['bias_param', BIAS],
  142: ['scale_param', SCALE],
  143: ['input_param', INPUT],
  147: ['swish_param', SWISH],
  148: ['clip_param', CLIP],
};

/** `V1LayerParameter`, of files from before 2015. */
const OLD_LAYER: Schema = {
  2: ['bottom', 'text'],
  3: ['top', 'text'],
  4: ['name', 'text'],
  5: ['type', 'int'],
  6: ['blobs', 'blob'],
  7: ['blobs_lr', 'float'],
  9: ['concat_param', CONCAT],
  10: ['convolution_param', CONVOLUTION],
  11: ['data_param', DATA],
  12: ['dropout_param', DROPOUT],
  15: ['image_data_param', IMAGE_DATA],
  17: ['inner_product_param', INNER_PRODUCT],
  19: ['pooling_param', POOLING],
  21: ['power_param', POWER],
  22: ['memory_data_param', MEMORY_DATA],
  24: ['eltwise_param', ELTWISE],
  26: ['dummy_data_param', DUMMY_DATA],
  30: ['relu_param', RELU],
  32: ['include', RULE],
  33: ['exclude', RULE],
  36: ['transform_param', TRANSFORM],
  39: ['softmax_param', SOFTMAX],
};

/** `NetParameter`, the message of a whole `.caffemodel`. */
export const NET: Schema = {
  1: ['name', 'text'],
  2: ['layers', OLD_LAYER],
  3: ['input', 'text'],
  4: ['input_dim', 'int'],
  6: ['state', STATE],
  8: ['input_shape', BLOB_SHAPE],
  100: ['layer', LAYER],
};

/** `V1LayerParameter.LayerType` by its names in texts and its numbers in binary files: the type of today. */
export const OLD_TYPES: readonly (readonly [number: number, name: string, type: string])[] = [
  [35, 'ABSVAL', 'AbsVal'],
  [1, 'ACCURACY', 'Accuracy'],
  [30, 'ARGMAX', 'ArgMax'],
  [2, 'BNLL', 'BNLL'],
  [3, 'CONCAT', 'Concat'],
  [37, 'CONTRASTIVE_LOSS', 'ContrastiveLoss'],
  [4, 'CONVOLUTION', 'Convolution'],
  [5, 'DATA', 'Data'],
  [39, 'DECONVOLUTION', 'Deconvolution'],
  [6, 'DROPOUT', 'Dropout'],
  [32, 'DUMMY_DATA', 'DummyData'],
  [7, 'EUCLIDEAN_LOSS', 'EuclideanLoss'],
  [25, 'ELTWISE', 'Eltwise'],
  [38, 'EXP', 'Exp'],
  [8, 'FLATTEN', 'Flatten'],
  [9, 'HDF5_DATA', 'HDF5Data'],
  [10, 'HDF5_OUTPUT', 'HDF5Output'],
  [28, 'HINGE_LOSS', 'HingeLoss'],
  [11, 'IM2COL', 'Im2col'],
  [12, 'IMAGE_DATA', 'ImageData'],
  [13, 'INFOGAIN_LOSS', 'InfogainLoss'],
  [14, 'INNER_PRODUCT', 'InnerProduct'],
  [15, 'LRN', 'LRN'],
  [29, 'MEMORY_DATA', 'MemoryData'],
  [16, 'MULTINOMIAL_LOGISTIC_LOSS', 'MultinomialLogisticLoss'],
  [34, 'MVN', 'MVN'],
  [17, 'POOLING', 'Pooling'],
  [26, 'POWER', 'Power'],
  [18, 'RELU', 'ReLU'],
  [19, 'SIGMOID', 'Sigmoid'],
  [27, 'SIGMOID_CROSS_ENTROPY_LOSS', 'SigmoidCrossEntropyLoss'],
  [36, 'SILENCE', 'Silence'],
  [20, 'SOFTMAX', 'Softmax'],
  [21, 'SOFTMAX_LOSS', 'SoftmaxWithLoss'],
  [22, 'SPLIT', 'Split'],
  [33, 'SLICE', 'Slice'],
  [23, 'TANH', 'TanH'],
  [24, 'WINDOW_DATA', 'WindowData'],
  [31, 'THRESHOLD', 'Threshold'],
];
