/** What is wrong with an ONNX file, or what the lab cannot express of it. */
export const onnxFiles = {
  // Broken files.
  notProtobuf: 'it is no ONNX model, or it ends too early',
  notText: 'a name in it is not valid UTF-8',
  noGraph: 'it has no graph with nodes, as every ONNX model has',
  impossibleDims: 'the tensor {name} has impossible dims: {dims}',
  wrongCount: 'the tensor {name} needs {wanted} values and has {found}',
  wrongBytes: 'the tensor {name} needs {wanted} bytes and has {found}',
  noFileBeside: 'the values of tensor {name} are in the file "{location}", which is not in the same folder',
  beyondFile:
    'the values of tensor {name} should be {length} bytes at byte {offset} of {location}, which has {bytes} bytes and another size of the tensor',
  twoSources: 'two nodes output the value {value}',
  cycle: 'the node {node} depends on its own output',
  // What cannot be expressed.
  operatorUnknown: 'the node {node} is a {kind}, which NormLab has no block for',
  operatorsUnknown:
    'the node {node} is a {kind}, which NormLab has no block for (further nodes without a block: {more})',
  nodeRefused: 'the node {node}, a {kind}, {why}',
  dataType:
    'the tensor {name} has elements of ONNX type {type}, which are not real numbers of 8 bits or more',
  inputs: 'it has {count} inputs; a network has one, the images',
  inputRank: 'its input {name} is {dims}; images are N × channels × height × width',
  inputChannels: 'its input {name} is {dims}; images have 1 or 3 channels',
  inputScale:
    'it multiplies the images by {factor} and adds {offset} before the first block, which is no mean and deviation of images',
  noOutput: 'its graph has no output',
  tooManyBlocks: 'its network has more than {most} blocks',
  noBlocks: 'no node lies between its input and its output',
  // Why a node cannot be expressed, after its name and operator.
  noBlock: 'needs the block {kind}, which this version of NormLab does not have',
  ofBlock: 'does not fit the block {title}, which {problem}',
  inputTwice: 'sees the images prepared in another way than the first block does',
  inputConstant: 'has a constant as input {number}, which must come from the images',
  inputNotConstant: 'has an input {number} that is computed from the images; it must be a constant',
  notAnImage: 'needs images with the channels before height and width, and its input is {dims}',
  notAVector: 'needs a vector for each sample, and the value is {dims}',
  dimsOfWeights: 'has a constant of {found} where its block has {wanted}',
  notTwoAxes: 'has the attribute {name} = {found}, which is not for height and width',
  unequalPair: 'has {name} {y} and {x}; blocks have the same along both axes',
  kernelRank: 'has a kernel with {rank} dims; those of images have 4',
  matrixRank: 'has weights with {rank} dims; a Dense block has 2',
  transposedSize:
    'chooses its output size by output_shape, SAME_LOWER or an output padding that differs along the axes',
  gemmFactors: 'has alpha, beta or transA, which a Dense block does not have',
  biasDims: 'has a constant of {found} where one value for each of {filters} channels is needed',
  notPerChannel: 'has a constant of {dims}, which is neither one value nor one for each channel',
  normEachValue: 'has statistics for each value; a BatchNorm block has them for each channel',
  normAxes: 'normalizes over axes that a LayerNorm block does not have',
  notGroupNorm: 'looks like a group normalization, but does not return to the shape of its input',
  poolDilation: 'pools with a dilation, which no block does',
  poolKernel: 'pools over {y} × {x} pixels; the windows of blocks are square',
  notMeans: 'multiplies images by matrices other than those of an adaptive average pooling',
  meanAxes: 'takes the mean over other axes than height and width',
  softmaxAxis: 'applies a softmax along another axis than the channels',
  movesBatch: 'moves or merges the dimension of the batch',
  notReshape: 'gives its input, {dims}, a shape that no block can give it',
  broadcastSum: 'adds values of different shapes',
  otherLayout: 'combines values whose dims are in different orders',
  concatAxis: 'joins its inputs along another axis than the channels',
  byConstant:
    'computes with a constant; blocks do so only right behind the input, as the bias of a layer, or within an activation function',
  padSides: 'pads other axes than height and width, cuts pixels off, or fills in a way that no block does',
  resizeMode: 'resizes by mode {mode} with coordinates {place}, which no block does',
  resizeFactor: 'resizes by other than the same whole factor along height and width',
  castToInteger: 'turns activations into whole numbers',
  onlyShapes: 'takes activations apart, which no block does',
  // What the user should know.
  openSize: 'The file leaves the size of the images open; {side} × {side} pixels were chosen.',
  firstOutput: 'The network has several outputs; the first one, {name}, was taken and {count} left out.',
  readoutDropped:
    'The last node, {node} ({kind}), was left out: the Output block gives logits, and the loss applies the function itself.',
  trainingMode:
    '{count} BatchNormalization nodes were exported in training mode; their blocks use the running statistics.',
  preparesImages:
    'The file prepares the images itself; mean {mean} and deviation {deviation}, in units of bytes, were taken from it.',
  resizesImages:
    'The file resizes images of any size itself; the network behind that was taken. Choose how images are resized in the settings of the project.',
  otherProject:
    'The file has the metadata of NormLab, but other tensors; the network was rebuilt from its nodes.',
} as const;
