/** Files and folders that are written, chosen and listed. */
export const files = {
  exists:
    '{file} is already there and was left as it is; give another name, or agree to replace it (--force in the terminal).',
  diskFull: 'The disk is full: {file} could not be written; free some space or choose another folder.',
  notWritable: 'Cannot write {file}: {reason}; choose another folder or change its permissions.',
  writeFailed: 'Writing {file} failed ({what}); check the disk or choose another folder.',
  writingStopped: 'The writing was cancelled; nothing was written.',
  // Why a place cannot be written to, as the end of `notWritable`.
  mayNotWrite: 'you may not write there',
  systemForbids: 'the system does not allow writing there',
  diskReadOnly: 'the disk is read-only',
  noSuchFolder: 'its folder does not exist',
  fileInTheWay: 'there is a file where a folder is needed',
  folderInTheWay: 'a folder has that name',
  // What must not be written over.
  fileNotFolder: '{path} is a file, and the model needs a folder of its own: choose another name.',
  noBundle:
    '{path} is not a folder of model files that NormLab wrote, and it is not replaced: choose another name.',
  foreignInBundle:
    '{path} also contains files that NormLab did not write: {names}. Move them elsewhere, or choose another name.',
  wouldBeHidden: '{path} would be a hidden file: choose another name.',
  noPlainFile: '{path} is a link or a device, not a file: choose another name.',
  foreign: '{path} is not {kind}, and it is not overwritten: choose another name.',
  badName: '{name} is not a file name: leave out {characters} and a dot in front.',
  // Paths that the screen asks for.
  notWhole: 'Give the whole path, from the root on: {path}',
  outsideRoots: '{path} lies outside the folders that this lab may open ({roots}).',
  chosenAsOther: '{path} was not chosen as {kind}: choose another.',
  leadsElsewhere: '{path} leads elsewhere than when it was chosen: choose it again.',
  notChosen: 'This file or folder was not chosen in this session: choose it again.',
  hidden:
    '{path} is hidden (a name that begins with a dot), and hidden files and folders are not opened: move it, or start `normlab serve --root` with that folder.',
  leadsOut: '{path} leads out of the folder that was chosen, or is hidden: choose it by itself.',
  folderGone: 'The folder {path} is not there any more.',
  folderUnreadable: 'The folder {path} cannot be read: check its permissions.',
  nothingThere: 'There is nothing at {path}.',
  // What stands at a path, behind "is".
  aFolder: 'a folder',
  aRun: 'the folder of a run',
  anImage: 'an image ({format})',
  aProject: 'a NormLab project',
  aFile: 'a file',
  anOnnxModel: 'an ONNX model',
  safetensorsWeights: 'a safetensors file of weights',
  anHdf5File: 'an HDF5 file, as Keras saves models',
  pytorchWeights: 'a PyTorch file of weights',
  // What a file has to be, behind "is not" or "chosen as".
  aProjectFile: 'a project',
  aModelFile: 'a model file',
  anImageFile: 'an image',
  aTable: 'a table of labels',
  aPredictionTable: 'a CSV file of predictions',
  anExport: 'an exported file',
  anOnnxFile: 'an ONNX file',
  aReport: 'a report of NormLab',
  aModelFolder: 'a folder of model files',
  aSafetensorsFile: 'a safetensors file',
  // Project files.
  projectIsOther: 'The project {path} is {what}, not a project: choose another file.',
  projectUnreadable: 'The project {path} cannot be read: choose another file.',
  projectTooLarge: 'The project {path} is too large for a project ({bytes} bytes): choose another file.',
  projectNotThere: 'The project {path} is not there: choose another file.',
  notAProject: '{path} is {what}, not a NormLab project; choose a file that NormLab saved.',
  projectChanged:
    '{path} was changed by another window or program since it was read here: save under another name, or overwrite it.',
} as const;
