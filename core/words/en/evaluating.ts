/** Evaluations of a run: what was kept, what the reports say. */
export const evaluating = {
  damaged: '{file} is damaged or missing; evaluate the run again.',
  none: 'This evaluation of run {run} does not exist any more; evaluate the run again.',
  underWay: 'This evaluation is under way already.',
  writingUnderWay: 'This is being written already.',
  followed: 'This run trains elsewhere; import its weights first, and evaluate the imported run.',
  deleteEvaluated:
    'This run is being evaluated: wait for the end of the evaluation, or cancel it, before you delete the run.',
  imagesElsewhere:
    'This run was trained elsewhere, so its images are not known here: evaluate it on a folder of images (on the command line with --data DIR).',
  tooMany: '{most} evaluations are under way already: wait for the end of one, or cancel it.',
  died: 'The evaluation ended unexpectedly and nothing of it was kept; try again.',
  notKept: 'The evaluation was not kept with the run: {why}',
  nothingToFold: 'This network has no BatchNorm that can be folded into a layer.',
} as const;
