/** The dialog that writes a project for a cluster. */
export const cluster = {
  open: 'Train on a cluster…',
  openHelp:
    'Writes a PyTorch project that trains this network on many processes, with the same losses as here.',
  title: 'Train on a cluster',
  intro:
    'Writes a PyTorch project with the network, its first weights and the split. It is started by torchrun, SLURM or Kubernetes on a copy of the images; nothing is sent anywhere.',
  facts: 'Global batch {batch} images, {epochs} epochs, {precision}',
  folder: 'Folder',
  pickFolder: 'Folder for the project',
  name: 'Name of the project folder',
  nameProblem: 'Give a name without slashes that does not begin with a dot.',
  nodes: 'Machines',
  gpus: 'GPUs per machine',
  unsupported: 'Not on a cluster: {what}',
  exists: 'A project folder of this name is already there.',
  replace: 'Replace',
  write: 'Write project',
  done: '{files} files, {size}, written to',
  startIt: 'Copy the folder and the images to the cluster, and start it there:',
  readme: 'README.md in the folder has the commands for several machines, SLURM and Kubernetes.',
};
