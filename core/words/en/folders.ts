/** Image folders: why one cannot be used, and what to know of one that can. */
export const folders = {
  notAFolder: '“{path}” is {what}; choose the folder that holds the images.',
  missing: 'There is no folder “{path}”; check the path.',
  unreadable: 'The folder “{path}” cannot be read ({code}); check its permissions.',
  unlistable: 'The folder “{path}” cannot be read; check its permissions.',
  layout:
    'choose a folder that holds one subfolder of images for each class, such as cats/1.jpg and dogs/2.jpg, or put a table of labels (labels.csv with the columns file and label) beside the images.',
  imagesWithoutClass: 'The images in “{path}” lie directly in the folder, so they have no class; {layout}',
  noUsable:
    '“{path}” holds no usable image: {count} file was left out ({file}: {reason}); {layout} | “{path}” holds no usable image: {count} files were left out ({file}: {reason}); {layout}',
  runHasNone: '“{path}” is the folder of a run and holds no images; {layout}',
  none: '“{path}” holds no images; {layout}',
  noneDecodes: 'None of the {images} images can be decoded ({file}: {reason}); check the folder.',
  noneLeft: 'No image of “{path}” is left to train on; leave fewer out or validate on fewer.',
  oneClass: '“{path}” holds only one class ({name}), but training needs at least two; {remedy}.',
  noClass: 'none',
  addSubfolder: 'add a second subfolder of images',
  tableGivesNoOther: '“{table}” gives no other',
  otherClass:
    '“{path}” has a class that the network was not trained on: {names}; its subfolders must be named as those of the training folder ({known}).',
  otherClasses:
    '“{path}” has classes that the network was not trained on: {names}; its subfolders must be named as those of the training folder ({known}).',
  nothingGiven: 'There is no file or folder “{path}”; check the path.',
  noImageIn: 'There is no image in {paths}; give images or folders of them.',
  thisIsARun: '{path}, which is the folder of a run',
  scanCancelled: 'The scan was cancelled.',
  readingCancelled: 'Reading the images was cancelled.',
  decodingCancelled: 'Decoding the images was cancelled.',
  decodersFail: 'The image decoders cannot be started; reinstall NormLab or its packages (npm run setup).',
  cacheDamaged: 'The cache of decoded images is damaged and was removed; start again, and it is built again.',
  cacheUnreadable: 'The cache of decoded images cannot be read back; check the disk.',
  // Parts of a set.
  partsCalled:
    'The folders {names} in “{root}” are named like the parts of a data set, not like classes: {choose}. If they are classes, they can be used as such.',
  partsAlike:
    'The folders {names} in “{root}” all hold {shared}, so they look like the parts of a data set, not like classes: {choose}. If they are classes, they can be used as such.',
  chooseOne: 'choose the one to train on, such as {train}',
  chooseBoth: 'choose {train} for training and {validation} for validation',
  trainPartOnly: 'The folder holds a set in parts; “{train}” has the training images.',
  partsByName:
    'The folder holds a set in parts (by their names); “{train}” has the training images, {others}.',
  partsByContent:
    'The folder holds a set in parts (each holds {shared}); “{train}” has the training images, {others}.',
  validationPart: '“{name}” those for validation',
  testPart: '“{name}” those for testing',
  unlabelledPart: '{names} has no class folders, so its images have no labels and are left out.',
  unlabelledParts: '{names} have no class folders, so their images have no labels and are left out.',
  otherPartLeftOut: '{names} is left out.',
  otherPartsLeftOut: '{names} are left out.',
  // What a user should know of a folder before training on it.
  looksLikeParts:
    'This folder holds “{train}” and “{validation}”, which look like parts of a set and not like classes: choose “{root}/{train}” for training and “{root}/{validation}” for validation.',
  onlyOneClass: 'There is only one class, “{name}”; training needs at least two.',
  maybeInside: 'If the folders inside it are the classes, choose “{root}/{name}”.',
  emptyFolder: 'Folder without a usable image, not a class: {names}.',
  emptyFolders: 'Folders without a usable image, not classes: {names}.',
  strayImages:
    '{count} image lies beside the class folders and has no class, so it is left out: {names}. | {count} images lie beside the class folders and have no class, so they are left out: {names}.',
  smallClass: 'Fewer than {few} images in a class: {names}.',
  smallClasses: 'Fewer than {few} images in some classes: {names}.',
  classAndCount: '{name} ({images})',
  unequal:
    'The classes are very unequal: {most} has {mostImages} images, {least} only {leastImages}. Accuracy will mostly depend on the large ones.',
  allTheSame: 'All images are the same image, byte for byte.',
  sharedImages:
    '{count} validation image is byte for byte the same as a training image, so validation looks better than it is: {examples}. | {count} validation images are byte for byte the same as training images, so validation looks better than it is: {examples}.',
  sameAcrossClasses:
    '{count} image is in more than one class, byte for byte the same: {example}. | {count} images are in more than one class, byte for byte the same: {example}.',
  copies:
    '{count} image is there more than once within a class; copies are kept on the same side of the split. | {count} images are there more than once within a class; copies are kept on the same side of the split.',
  unusedBands:
    '{count} TIFF image has bands beside grey or colour ({first}); those bands are not used. | {count} TIFF images have bands beside grey or colour (first: {first}); those bands are not used.',
  missingEdits:
    'An image that the project leaves out or relabels is not in the folder: {names}. | {count} images that the project leaves out or relabels are not in the folder: {names}.',
  flat: 'All pixels of {images} looked at are {colour}, or nearly: there is nothing to learn from. Check how the images were made.',
  theImages: 'the image | the {count} images',
  black: 'black',
  white: 'white',
  oneValue: 'of the value {value} of 255',
  oneColour: 'of the colour {colour} of 255',
  mergedClasses: '{length} class names look the same ({names}); they are one class.',
  caseAlone:
    'The classes {names} differ in letter case alone, and they are taken as {length} classes; rename them if they are one.',
  faint16:
    'One 16-bit image uses little of the full range: the values {low} to {high} of 0 to 65535 are spread over black to white, in training and wherever the run is used. | {count} 16-bit images use little of the full range: the values {low} to {high} of 0 to 65535 are spread over black to white, in training and wherever the run is used.',
  noFixedRange:
    'One image holds numbers without a fixed range (floating point, with sign, or of 32 bits): the values {low} to {high} are spread over black to white, in training and wherever the run is used. | {count} images hold numbers without a fixed range (floating point, with sign, or of 32 bits): the values {low} to {high} are spread over black to white, in training and wherever the run is used.',
  notInSplit:
    '{count} image was not there when the split of {run} was made: it is used for training. | {count} images were not there when the split of {run} was made: they are used for training.',
  decoderNotBuilt:
    'JPEG and PNG are decoded by sharp, which is slower: the direct decoder is not built. Build it with: npm run setup',
  // What `normlab inspect` says of the other parts of a set.
  strangeClasses: 'Classes that the training images do not have: {names}.',
} as const;
