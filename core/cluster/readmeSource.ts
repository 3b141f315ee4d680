import type { ClusterRun } from './clusterModel.ts';
import type { ClusterShape } from './scripts.ts';

/** The text of `README.md` of a project. */
export function readmeSource(run: ClusterRun, { nodes, gpusPerNode }: ClusterShape): string {
  const { document, train, validation, hasValidationFolder, classNames } = run;
  const { epochs, batchSize, accumulate } = document.training;
  const separate = hasValidationFolder ? ' --validation-data VALIDATION' : '';
  const processes = String(gpusPerNode);
  return `# ${document.name.replaceAll(/[\r\n]+/g, ' ')}

A PyTorch project that trains a network of NormLab on one machine or on many. It begins with the same weights as NormLab
and takes the same images in the same order, so the losses are the same up to rounding, for any number of processes.

| | |
|---|---|
| images | ${String(train.length)} for training, ${String(validation.length)} for validation, ${String(classNames.length)} classes |
| epochs | ${String(epochs)} |
| global batch | ${String(batchSize)} images over all processes${accumulate === 1 ? '' : `, ${String(accumulate)} batches for each update`} |

The batch is divided among the processes and does not grow with their number. BatchNorm normalizes by the statistics of
the whole batch.

## Start

    pip install -r requirements.txt

One machine with ${processes} GPUs (a CPU works too: \`--nproc-per-node 2\` with \`OMP_NUM_THREADS\` set):

    torchrun --nproc-per-node ${processes} train.py --data IMAGES${separate}

Several machines: the same command on each, with one of them as the meeting point:

    torchrun --nnodes ${String(Math.max(2, nodes))} --nproc-per-node ${processes} --rdzv-id 1 --rdzv-backend c10d --rdzv-endpoint HOST:29500 \\
      train.py --data IMAGES${separate} --output /shared/output

SLURM: \`NORMLAB_DATA=IMAGES sbatch slurm.sh\`. Kubernetes: build and push the image of \`Dockerfile\`, edit the names in
\`pytorchjob.yaml\`, then \`kubectl apply -f pytorchjob.yaml\`.

IMAGES is a copy of the training folder. The images are found by the names in \`images.json\`, and by their content where
names have changed. \`python train.py --help\` lists the options: \`--precision bf16\` or \`f16\` for mixed precision,
\`--device\`, \`--workers\`, \`--checkpoint-seconds\`, \`--verify\`.

## Resume

A run continues from \`checkpoint.pt\` in its output folder: start it again with the same \`--output\`, with any number of
processes. \`torchrun --max-restarts 3\` does so by itself after a process has died. On SIGTERM or Ctrl+C the run saves its
state and ends with status 75; \`status.json\` then says \`stopped\`. With several machines the output folder is on a file
system that all of them share.

## Bring the result back

NormLab reads the output folder: \`metrics.jsonl\` (the curves, while it trains), \`status.json\`, \`result.json\`,
\`model.safetensors\` and \`best.safetensors\` (weights and BatchNorm statistics). Both model files are also state dicts for
PyTorch, under the names of the blocks.

In NormLab, "Follow a remote run…" shows the curves of the output folder and "Import result" makes a run from it; in a
terminal:

    normlab follow OUTPUT
    normlab cluster-import OUTPUT --out RUN

## Files

| file | contents |
|---|---|
| \`train.py\` | the command line |
| \`trainer.py\`, \`run.py\` | the loop; the images, network and optimizer of a run |
| \`model.py\` | the network |
| \`batchnorm.py\`, \`layers.py\` | BatchNorm over all processes; dropout that does not depend on their number |
| \`data.py\`, \`images.py\`, \`decode.py\` | batches; finding images; reading one |
| \`augment.py\`, \`pixels.py\` | augmentation |
| \`randomness.py\` | order of the images and all random draws, as functions of seed and counters |
| \`losses.py\`, \`optim.py\`, \`evaluate.py\` | losses; optimizers and learning rates; validation |
| \`checkpoint.py\`, \`record.py\`, \`weights.py\`, \`distributed.py\` | state; metrics; weights; processes |
| \`config.json\`, \`images.json\`, \`split.json\` | settings; the images with class and digest; the split as NormLab stores it |
| \`initial.safetensors\` | the state before the first step |
| \`normlab.json\` | size and SHA-256 of each file |
`;
}
