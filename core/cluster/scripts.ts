/** The machines that the scripts of a project ask for; the reader of a script changes them there. */
export interface ClusterShape {
  readonly nodes: number;
  /** Processes on each node, one for each GPU. */
  readonly gpusPerNode: number;
}

/** What the scripts are for. */
interface Job extends ClusterShape {
  readonly name: string;
  /** True where the validation images are in a folder of their own. */
  readonly hasValidationFolder: boolean;
}

/** The oldest versions with which the files were tried. */
export const CLUSTER_REQUIREMENTS = `torch>=2.4
numpy>=1.26
safetensors>=0.4.0
pillow>=11.3.0
`;

/** The text of `slurm.sh`: one process for each GPU; a job that is preempted is queued again and continues. */
export function slurmScript({ name, nodes, gpusPerNode, hasValidationFolder }: Job): string {
  const validation = ['NORMLAB_VALIDATION_DATA=/path/to/validation ', VALIDATION_CHECK];
  const [more = '', check = ''] = hasValidationFolder ? validation : [];
  return `#!/bin/bash
#SBATCH --job-name=${shortName(name)}
#SBATCH --nodes=${String(nodes)}
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=${String(gpusPerNode)}
#SBATCH --cpus-per-task=${String(8 * gpusPerNode)}
#SBATCH --time=24:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
# The run saves its state when it gets this signal, two minutes before its time is over.
#SBATCH --signal=TERM@120

# Usage: NORMLAB_DATA=/path/to/images ${more}sbatch slurm.sh
# This folder, the images and the output folder are on a file system that all nodes share.

set -u
cd "\${SLURM_SUBMIT_DIR:-.}"
: "\${NORMLAB_DATA:?name the folder of training images in NORMLAB_DATA}"
${check}output="\${NORMLAB_OUTPUT:-output}"
started=$(mktemp)
head_node=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)

srun --kill-on-bad-exit=0 torchrun \\
  --nnodes "$SLURM_JOB_NUM_NODES" \\
  --nproc-per-node ${String(gpusPerNode)} \\
  --max-restarts 3 \\
  --rdzv-id "$SLURM_JOB_ID" \\
  --rdzv-backend c10d \\
  --rdzv-endpoint "$head_node:29500" \\
  train.py --output "$output" "$@"
status=$?

# A run that a signal stopped has saved its state, and goes on when the job is queued again.
if [ "$output/status.json" -nt "$started" ] && grep -q '"state": "stopped"' "$output/status.json"; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit $status
`;
}

const VALIDATION_CHECK = `: "\${NORMLAB_VALIDATION_DATA:?name the folder of validation images in NORMLAB_VALIDATION_DATA}"
`;

/** The text of `pytorchjob.yaml` for the training operator of Kubeflow. */
export function pytorchJob({ name, nodes, gpusPerNode, hasValidationFolder }: Job): string {
  const job = shortName(name);
  const replica = (count: number): string => `replicas: ${String(count)}
      restartPolicy: OnFailure
      template: *pod`;
  const [argument = '', mount = '', volume = ''] = hasValidationFolder ? VALIDATION_VOLUME : [];
  const workers = nodes > 1 ? `    Worker:\n      ${replica(nodes - 1)}\n` : '';
  return `# Needs the training operator of Kubeflow, and two volumes: the images, and a shared one for this folder and its output.
# Build the image of Dockerfile, push it, and put its name, and those of the volumes, here.
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata:
  name: ${job}
spec:
  nprocPerNode: "${String(gpusPerNode)}"
  pytorchReplicaSpecs:
    Master:
      replicas: 1
      restartPolicy: OnFailure
      template: &pod
        spec:
          terminationGracePeriodSeconds: 120
          containers:
            - name: pytorch
              image: REGISTRY/${job}:latest
              command: ["torchrun", "--max-restarts=3", "train.py"]
              args: ["--data=/data", "--output=/output/${job}"${argument}]
              resources:
                limits:
                  nvidia.com/gpu: ${String(gpusPerNode)}
              volumeMounts:
                - {name: data, mountPath: /data, readOnly: true}
                - {name: output, mountPath: /output}
${mount}                - {name: memory, mountPath: /dev/shm}
          volumes:
            - name: data
              persistentVolumeClaim: {claimName: images}
            - name: output
              persistentVolumeClaim: {claimName: output}
${volume}            - name: memory
              emptyDir: {medium: Memory}
${workers}`;
}

/** Argument, mount and volume of the validation images. */
const VALIDATION_VOLUME = [
  ', "--validation-data=/validation"',
  '                - {name: validation, mountPath: /validation, readOnly: true}\n',
  '            - name: validation\n              persistentVolumeClaim: {claimName: validation}\n',
];

export const DOCKERFILE = `FROM pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime
WORKDIR /project
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
CMD ["torchrun", "train.py"]
`;

/** A name that job schedulers and Kubernetes accept: lower case letters, digits and hyphens, at most 40. */
function shortName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replaceAll(/^-+|-+$/g, '');
  return `normlab-${plain === '' ? 'run' : plain}`.slice(0, 40);
}
