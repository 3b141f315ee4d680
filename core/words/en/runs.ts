/** Runs: starting, resuming, reading, measuring and deleting them. */
export const runs = {
  noneIn: 'There is no run in {folder}.',
  none: 'There is no run {run}.',
  noLonger: 'There is no run {run} any more.',
  hasNoManifest: 'There is no run in {folder}: it has no {file}; give the folder that “train” wrote.',
  notARun: '{folder} is {what}, not the folder of a run; give the folder that “train” wrote.',
  nothingToResume: 'There is no run in {folder} to resume; give a project to train.',
  noTrainFolder: 'Give the folder of training images.',
  removed:
    'The run folder {folder} was removed or replaced while the run trained, so nothing more of it can be saved; start the run again.',
  // What goes on at the same time.
  inTraining: '{name} is in training: stop it before you ask for more epochs.',
  finished: '{name} is finished: ask for more epochs, or start a new run to train further.',
  stillTraining: '{name} is still training: stop it first, or wait for its end.',
  deleteTraining: '{name} is still training: stop it before you delete it.',
  takesTheCores: '{name} is training and takes the cores: pause or stop it first, or wait for its end.',
  statisticsMove:
    '{name} is still training, and its statistics move with every step: stop it first, or wait for its end.',
  beingMeasured:
    'The BatchNorm statistics of {name} are being measured: wait for the end of the measurement, or cancel it first.',
  notTraining: 'This run is not training now.',
  notMeasured: 'This run is not being recalibrated now.',
  noTrash: 'This system has no trash for the run: it can only be deleted for good.',
  lockedByProcess:
    '{who} is writing the run in {folder}; wait for its end or stop it. If it is gone, delete {file}.',
  anotherProcess: 'Another process',
  process: 'Process {pid}',
  processOn: 'Process {pid} of the computer “{host}”',
  // The folder of a new run.
  folderIsFile: '{folder} is a file; give a folder for the run.',
  otherFilesThere: '{folder} already holds other files ({file}); give a new or empty folder for the run.',
  runThere: '{folder} already holds a run; continue it with --resume, or give another folder.',
  // Stopping.
  stopped: 'Training was stopped and its state is saved in {folder}; resume it to go on from there.',
  stoppedBefore: 'Stopped before training began; resume the run in {folder} to begin it.',
  trainerDied: 'Training ended unexpectedly; resume the run to go on from its last checkpoint.',
  recalibrationDied:
    'The recalibration ended unexpectedly; the checkpoint is intact, with the old or the new statistics: check it, and try again.',
  recalibrationCancelled: 'The recalibration was cancelled.',
  measuringStopped: 'Measuring the statistics was stopped.',
  evaluationStopped: 'The evaluation was stopped.',
  augmentingDied:
    'The thread that augments the training images ended; resume the run, or restart NormLab and resume it then.',
  // Files of a run that cannot be read.
  unusable: 'The run in {folder} cannot be used: {why}',
  manifestUnusable:
    'The run in {folder} cannot be used: {why}; restore its run.json from a copy, or train again in another folder.',
  otherImageSize: 'its images are {images} and the network takes {input}',
  otherClassCount: 'it names {named} classes and the network distinguishes {known}',
  networkNotBuilt: 'its network cannot be built. {why}',
  fileUnusable: '{file} cannot be used: {why}; restore it from a copy, or train again in another folder.',
  fileDamaged: '{file} is damaged: {why}; restore it from a copy, or train again in another folder.',
  cannotRead: 'it cannot be read',
  notOurs: 'it is not what NormLab writes',
  partNotOurs: '{place} is not what NormLab writes ({reason})',
  itsContent: 'its content',
  notSafetensors: 'it is not a whole safetensors file',
  notACheckpoint: 'it is not a checkpoint of this version of NormLab',
  countersWrong: 'its counters make no sense',
  fewerValues: 'it holds fewer values than the network in {file} has',
  tensorDoesNotFit: '{name} does not fit the network in {file}',
  checkpointChanged:
    '{file} cannot be used: {part} is not what was written, so the disk or a program has changed it; restore it from a copy, or train again in another folder.',
  bestChanged:
    '{file} cannot be used: {part} is not what was written, so the disk or a program has changed it; use the last checkpoint (--checkpoint last), or restore the file from a copy.',
  lastChanged:
    '{file} cannot be used: {part} is not what was written, so the disk or a program has changed it; use the weights of the best epoch (--checkpoint best), or restore the file from a copy.',
  itsDescription: 'its description',
  splitDamaged: '{file} is damaged; the split of this run is lost.',
  noSplit:
    'The run in {folder} has no stored split, so its parts are not known; use all images, or train again to get one.',
  noneInTrainPart:
    'None of the images in “{root}” belonged to the training part of the run; choose the folder that it was trained on, or another part (--part).',
  noneInValidationPart:
    'None of the images in “{root}” belonged to the validation part of the run; choose the folder that it was trained on, or another part (--part).',
  // Weights.
  hasNoValidation:
    'The run in {folder} has no validation images; choose its training part (--part train), or another folder (--data).',
  noAverages:
    'The run in {folder} keeps no averaged weights; use its raw ones, or train with averaging (--ema) to have them.',
  noBest:
    'The run in {folder} keeps no weights of a best epoch: it has validated no epoch yet, has no validation images, or comes from an older version; use its last checkpoint (--checkpoint last).',
  noWeightsYet:
    'The run in {folder} is training and has no checkpoint yet. The first is due {due}; try again then.',
  dueIn: 'in about {seconds} s',
  dueAfterStart: 'about {seconds} s after training begins',
  noWeights: 'The run in {folder} has no weights yet: it ended before its first checkpoint; resume it first.',
  averagesUnmeasured:
    'The averaged weights of the run in {folder} have no BatchNorm statistics of their own, since it was stopped before its end, and they cannot be measured now: {why} Resume the run to its end, or use its raw weights (--weights raw).',
  checkpointGone:
    'The run in {folder} is finished, but its checkpoint is gone, so it cannot be trained further; restore it from a copy, or start a new run in another folder.',
  // Statistics.
  statisticsNotFinite:
    'The network gives numbers that are not finite for these images, so there are no statistics to measure; train again at a lower learning rate.',
  noBatchNorm: 'The network has no BatchNorm block, so it has no statistics to recalibrate.',
  onlyFrozen:
    'The only BatchNorm block is frozen (“{name}”, {id}): what it stores is a part of what the network has learned, and there is nothing to measure; let a block normalize by the batch or update its statistics, and train again.',
  allFrozen:
    'All {blocks} BatchNorm blocks are frozen (“{name}”, {id}): what they store is a part of what the network has learned, and there is nothing to measure; let a block normalize by the batch or update its statistics, and train again.',
  // Resuming otherwise than as begun.
  trainedMore:
    'The run in {folder} has trained {epochs} epochs, and {wanted} are fewer; ask for {epochs} or more, or start a new run in another folder.',
  begunForMore:
    'The run in {folder} was begun for {epochs} epochs, and {wanted} are fewer; ask for {epochs} or more, or start a new run in another folder.',
  otherCompute:
    'The run in {folder} was begun with {begun}, now {given}: its numbers would differ from then on; resume it as it was begun, or start a new run in another folder.',
  threads: '{threads} threads',
  precision: 'precision {precision}',
  otherTable:
    'The run in {folder} was begun with another table of labels ({begun}, now {given}); resume it with that, or start a new run in another folder.',
  otherSplit:
    'The run in {folder} was begun with another split ({begun}, now {given}); resume it with that, or start a new run in another folder.',
  nothing: 'none',
  otherSettings:
    'The run in {folder} was begun with other settings ({place}: {begun}, now {given}); resume it with those, or start a new run in another folder.',
  absent: 'absent',
  present: 'present',
  otherImages:
    'The images in {folders} are not those that the run in {run} was begun with: {change}; bring the folder back to what it was, or start a new run in another folder.',
  oneOrOther: '“{first}” or “{second}”',
  namesDiffer: 'names or sizes differ',
  classesDiffer: 'the classes were {before} and are {now}',
  contentDiffers: '{fresh} new or changed, {gone} gone or changed',
  contentDiffersAt: '{fresh} new or changed ({names}), {gone} gone or changed',
  fewerReadable:
    'Of the images of the run in {run}, {before} could be read when it began, and {now} now; bring them back to what they were, or start a new run in another folder.',
  fewerReadableNames:
    'Of the images of the run in {run}, {before} could be read when it began, and {now} now; not readable: {names}; bring them back to what they were, or start a new run in another folder.',
  fileAndReason: '{file}: {reason}',
  oneClassReadable: 'The training images of only one class of “{root}” can be read; check the folder.',
  oneClassReadableBecause:
    'The training images of only one class of “{root}” can be read ({file}: {reason}); check the folder.',
  classUnreadable:
    'None of the {images} training images of “{name}” can be read: the network never sees this class.',
  nativeGone:
    'This run was begun with the native backend, which cannot be loaded here, so it cannot go on with the same numbers; build the native backend (npm run setup), or start a new run.',
  otherEngine:
    'This run began on {before} and continues with {now}: its numbers may differ in the last digits from an uninterrupted run.',
  // More epochs.
  goesOn: 'The run continues from {from} to {to} epochs, from step {step} of {steps}.',
  scheduleStays: 'Its {schedule} schedule does not depend on the number of epochs and stays as it is.',
  scheduleStretched:
    'Its {schedule} schedule is stretched over all {steps} steps: the learning rate is {next} at the next.',
  scheduleStretchedFrom:
    'Its {schedule} schedule is stretched over all {steps} steps: the learning rate was {last} at the last step and is {next} at the next.',
  constant: 'constant',
  step: 'step',
  cosine: 'cosine',
  oneCycle: 'oneCycle',
} as const;
