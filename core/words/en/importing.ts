/** Reading models that other programs wrote, and what came in. */
export const importing = {
  broken: '{file} is broken: {what}. Take another copy of it.',
  notSupported: '{file} cannot be brought in: {what}.',
  tooLarge: '{file} has {found} bytes, and files of more than {most} are not read.',
  notAModel:
    '{file} is not a model file that NormLab reads: it reads PyTorch, safetensors, NumPy npz, Keras, ONNX and Caffe files, its own exports, projects and runs.',
  notAFile: '{file} cannot be read: it is a folder, or you may not read it. Choose a model file.',
  modelNameTaken:
    'The models folder has a model named {name} already. Give another name, or remove it first.',
  noModel:
    '{name} is neither a file nor a run nor a model of the models folder, which has {names}. Check the name, or add the file with `normlab models add`.',
  notInFolder: 'The models folder has no model {name}; it has {names}.',
  noModels: 'none',
  notFound: 'There is no file {file}. Check the name.',
  noArchitecture:
    '{file} holds {count} tensors but no network, and their names are those of no architecture that NormLab knows. Name the architecture, or the project that they belong to.',
  perhapsTensorFlow:
    '{file} seems to have the weights of {variant}, which timm converted from TensorFlow: padding and epsilon differ from those that were set, and the names of the tensors are the same. Import it with `--architecture {variant}` if so.',
  otherArchitecture:
    '{file} does not hold the weights of {architecture}: the names and shapes of its tensors differ. Leave the architecture out, or take another file.',
  noProject: 'The project inside {file} cannot be used: {why}',
  projectWithoutWeights:
    '{file} is a project without starting weights. Choose a run of it, or a file that was exported from one.',
  notBuilt: 'The network of {file} has an error: {why}',
  nothingFits:
    'No tensor of {file} belongs to a block of this network. Open the network that the file was made for, or import the file as a project of its own.',
  doNotFit:
    '{file} has no fitting value for {count} of {slots} tensors of this network: {names}. Choose a partial load to initialize them, or take the file that this network was made for.',
  changedWeights:
    'The starting weights {file} are not those that the project names: the content has changed. Import the model again.',
  weightsGone:
    'The starting weights {file} are neither beside the project nor in the lab’s folder. Copy them beside the project, or import {source} again.',
  notFinite:
    '{file} holds values that are not numbers (NaN or infinity) in {tensor}. Take another copy of it.',
  startsFrom: 'Starts from {source}: {matched} of {slots} tensors.',
  headInitialized: 'The head {names} is initialized, since it has to tell apart other classes.',
  headKept: 'The head is kept: the classes are the same.',
  blocksInitialized: 'Initialized, since {source} has no fitting value: {names}.',
  died: 'Reading the model ended unexpectedly; nothing was changed. Try again.',
  underWay: 'This model is already being read.',
  shippedStays:
    'The model {name} comes with NormLab and cannot be removed. Add one of the same name to use that instead.',
  noLicence: '{file} cannot be used as the text of a licence: {why}. Choose a text file.',
  licenceTooLong: 'it has more than 1 MB',
  modelGone: 'The models folder has no model {name}; it may have been removed.',
} as const;
