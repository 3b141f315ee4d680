/** Questions and dialogs of the desktop shell, in the system's language. */
export const shell = {
  projectFiles: 'NormLab project',
  modelFiles: 'Models',
  imageFiles: 'Images',
  allFiles: 'All files',
  hostSilent: 'The lab host does not answer.',
  hostSilentDetail:
    'Closing now ends it as it is. A run that trains continues from its last checkpoint when the lab is opened again; unsaved work in this window is kept.',
  closeAnyway: 'Close anyway',
  wait: 'Wait',
  stillTraining: '{runs} is still training.',
  stillTrainingDetail:
    'Pausing saves a checkpoint: the run continues from the same step, bit for bit, when the lab is opened again.',
  pauseAndQuit: 'Pause and quit',
  keepTraining: 'Keep training',
} as const;
