/** `data-testid` values of the dialog that writes a project for a cluster. */
export const clusterTestIds = {
  open: 'cluster-open',
  dialog: 'cluster-dialog',
  folder: 'cluster-folder',
  chooseFolder: 'cluster-choose-folder',
  name: 'cluster-name',
  nodes: 'cluster-nodes',
  gpus: 'cluster-gpus',
  facts: 'cluster-facts',
  refusal: 'cluster-refusal',
  write: 'cluster-write',
  replace: 'cluster-replace',
  progress: 'cluster-progress',
  cancel: 'cluster-cancel',
  error: 'cluster-error',
  done: 'cluster-done',
  command: 'cluster-command',
};
