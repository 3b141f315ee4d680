/** What is wrong with a zip, pickle, safetensors or npz file, inside `importing.broken` or `importing.notSupported`. */
export const weightFiles = {
  tooShort: 'it ends after {bytes} bytes',
  hugeSize: 'a size in it is larger than any file',
  // Zip archives.
  zipNoDirectory:
    'it ends after {bytes} bytes without the directory of a zip archive, as a download that broke off',
  zipDirectoryWrong: 'the directory of the zip archive is damaged',
  zipSplit: 'it is one part of a zip archive in several parts',
  zipEncrypted: 'the entry {name} is encrypted',
  zipMethod: 'the entry {name} is compressed by method {method}; only stored and deflated entries are read',
  zipEntryOutside: 'the entry {name} is not where the directory says',
  zipNames: 'the entry {name} has another name in the archive than in the directory',
  zipNameTwice: 'the entry {name} is there twice',
  zipNameOutside: 'the entry {name} leads out of the archive',
  zipOverlap: 'entries of the zip archive overlap',
  zipCrc: 'the checksum of the entry {name} is wrong',
  zipBomb: 'the entry {name} would inflate to {bytes} bytes, far more than a model of this file size has',
  zipBombTotal: 'it would inflate to {bytes} bytes, far more than a model of this file size has',
  zipDeflate: 'the entry {name} cannot be inflated to the size that the directory says',
  // Pickles.
  pickleWrong: 'its pickle is damaged',
  pickleTooLarge: 'its pickle has more values than any checkpoint',
  pickleElsewhere: 'its pickle refers to data outside the file',
  plainPickle: 'it is a pickle that torch.save did not write',
  streamVersion: 'torch.save wrote it in a version of the format that is not known',
  notTorchZip: 'the zip archive is not one of torch.save: it needs one data.pkl',
  notTorchTar: 'the tar archive is not one of torch.save',
  tarHeader: 'a header of the tar archive is damaged',
  tarSize: 'the file {name} of the tar archive is longer than the archive',
  byteOrder: 'its byte order is neither little nor big',
  storageWrong: 'its pickle describes the numbers of a tensor in a way that PyTorch does not',
  storageMissing: 'the numbers {name} are not in it',
  storageBytes: 'the numbers of a tensor need {wanted} bytes and {found} are there',
  tensorArguments: 'its pickle describes the shape of a tensor in a way that PyTorch does not',
  tangled: 'the same containers or numbers are in it more often than in any model',
  // Tensors that are not read.
  strangeTensor: 'tensor {name} {why}',
  quantized: 'is quantized; save the network before it is quantized',
  sparse: 'is sparse; save it as a dense tensor',
  nested: 'is nested; save it as a dense tensor',
  negated: 'is a lazily negated view; save it after resolve_neg()',
  withoutData: 'is on the device meta and has no numbers',
  ofSubclass: 'is of a subclass of Tensor; save it as a plain tensor',
  numpyInside: 'is a NumPy array in a pickle; save it as a tensor or in an npz file',
  tensorType: 'tensor {name} has the type {type}, which is not read; convert it to float32',
  tensorOutside: 'tensor {name} leads out of its numbers',
  tensorTwice: 'tensor {name} is there twice',
  // State dicts.
  noStateDict: 'no state dict is in it. In Python, save one by torch.save(model.state_dict(), "weights.pth")',
  onlyTensor:
    'it is a single tensor without a name. In Python, save a state dict by torch.save(model.state_dict(), "weights.pth")',
  unknownObject:
    'it is an object of {name}, and to build it code would have to be executed. In Python, save a state dict by torch.save(model.state_dict(), "weights.pth")',
  noPart: '{file} has no part {part} with weights: choose one of {parts}.',
  noParts: '{file} has no part {part}: it has no parts with weights.',
  partChosen: 'The weights are those of {part}. The file also has {others}.',
  wholeModule:
    'The file has a whole network of the class {name}. Its tensors were read, and its code was not executed.',
  prefixRemoved: 'The prefix {prefix} was removed from the names of all tensors.',
  notBuilt: 'Objects of Python classes were left out, since building them would execute code: {names}.',
  // Models in several files.
  shardMissing: '{file} is one of several files of a model, and {shard} is not in its folder. Put it there.',
  indexWrong:
    'it is not the index of a model in several files: a JSON object with a weight_map from tensors to files',
  shardsRead: 'The model is in {count} files, and all of them were read.',
  // NumPy files.
  npyMagic: 'an array does not begin as a .npy file does',
  npyVersion: 'an array is in version {version} of the .npy format, which is not known',
  npyHeader: 'the header of an array is damaged',
  arrayBytes: 'the array {name} needs {wanted} bytes and has {found}',
  objectArray:
    'the array {name} consists of Python objects, and to build them code would have to be executed',
  structuredArray: 'the array {name} is structured; only arrays of plain numbers are read',
  notAnArray: 'the entry {name} is not a .npy array',
  noArrays: 'no array of numbers is in it',
} as const;
