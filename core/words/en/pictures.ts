/** Single pictures that are tried on a network. */
export const pictures = {
  sessionGone: 'The network is no longer open here; open the run again.',
  pictureGone: 'The picture is no longer kept here; show it again.',
  tooManySessions:
    '{most} networks are open and at work; wait for one of them, cancel its work, or close it.',
  threadDied: 'The thread that looks at pictures ended unexpectedly; show the picture again.',
  underWay: 'This work is already under way.',
  stopped: 'The classification was cancelled.',
  noneOfKind: 'The run has no training image of class “{name}”, so there is no batch of its kind.',
  noCompanions: 'The run has no training image other than this picture, so there is no batch to draw.',
  noImages:
    'The training images of this run are not on this computer, so only the stored and the moving statistics can be used.',
  evaluatedChanged:
    '{file} is no longer the image that was evaluated, or cannot be read; evaluate the run again.',
  evaluatedMissing: 'The evaluation has no image {image}; it has {count}.',
  folderDied: 'The classification ended unexpectedly; what it had written is still in {file}.',
} as const;
