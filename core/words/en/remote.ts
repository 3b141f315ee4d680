/** Runs that train elsewhere: following them by their folder, and importing their weights. */
export const remote = {
  notThere:
    'There is no run to follow in {folder}: neither it nor a folder “output” in it has {file}; give the folder that the project’s train.py writes.',
  newerVersion:
    '{file} is of version {version}, and this version of NormLab reads version {known}; update NormLab.',
  damaged: '{file} cannot be used: {why}; copy it again from where the run trains.',
  notPlain: 'it is not a plain file',
  tooLarge: 'it is larger than {limit}',
  notJson: 'it is not JSON',
  wrongValue: '{place} is not what the project writes ({reason})',
  noProject: 'its project cannot be used. {why}',
  noNetwork: 'the network of its project cannot be built. {why}',
  badBatches: 'its images and batches do not fit. {why}',
  otherRun: 'Another run is in {folder} now; follow that one, and remove this one.',
  away: 'The folder of the run cannot be read now ({what}). It is looked for until it is there again.',
  failed: 'The training ended with an error: {text}',
  failedSilently: 'The training ended with an error, and gave no reason; see the output of its processes.',
  linksDamaged:
    'The list of followed runs, {file}, is damaged, so nothing was changed in it; restore it from a copy, or delete it.',
  tooMany: '{most} runs are followed already; remove one first.',
  // Importing.
  noWeights: 'The run in {folder} has no weights yet: {file} appears after its first epoch.',
  noMetadata: 'it has no metadata “{key}”',
  badMetadata: 'its metadata “{key}” are not what the project writes ({reason})',
  newerMetadata: 'its metadata are of version {version}, and this version of NormLab reads version {known}',
  folded: 'its BatchNorm blocks are folded into other layers, so their statistics are gone',
  missing: 'the network needs tensors that it does not have: {names}',
  surplus: 'it has tensors that the network does not have: {names}',
  otherShape: '{name} is [{found}] and the network needs [{wanted}]',
  otherType: '{name} is of the type {found}, not {wanted}',
  badCounter: '{name} is no number of batches',
  negativeVariance: '{name} has a negative value',
  notFinite: '{name} contains NaN or infinity: the training has diverged',
  otherNetwork: 'it has {found} bytes, too few for the network of the project, which needs {wanted}',
  tooManyBytes: 'it has {found} bytes, more than the network of the project can need',
  otherImageSize: 'its images are {images} and the network takes {input}',
  otherClasses: 'it names {named} classes and the network distinguishes {known}',
  classTwice: 'it names the class “{name}” twice',
  changedMeanwhile: 'it was cut while it was read, since the training was resumed; import again',
  ownRun: '{folder} holds a run that was trained here, which is not replaced; give another folder.',
  // Afterwards.
  onlyAverages:
    'The run in {folder} was trained elsewhere and has only the averaged weights; use them (--weights ema).',
  onlyRaw:
    'The run in {folder} was trained elsewhere and has only the raw weights; use them (--weights raw).',
  imagesElsewhere:
    'The run in {folder} was trained elsewhere, so the folder of its images on this computer is not known; name it: normlab recalibrate RUN --data DIR.',
  noMoments:
    'The run in {folder} was trained elsewhere, and the state of its optimizer stayed there, so it cannot be resumed here; start a new run from its weights (--from RUN), or resume it where it was trained.',
} as const;
