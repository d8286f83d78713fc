/** Examples for schedulers. They name nothing of the run, so no name of a person's becomes a command. */

const slurm = `#!/bin/bash
# 4 machines with 8 GPUs each. From the folder that this file is in: sbatch slurm.sbatch
#SBATCH --job-name=fovea
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=8
#SBATCH --cpus-per-task=32
#SBATCH --time=24:00:00
#SBATCH --requeue
# Before its time is over: the step ends, everything is saved, and the next sbatch goes on there.
#SBATCH --signal=TERM@120
set -eu
cd "$SLURM_SUBMIT_DIR"
first=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
srun torchrun \\
  --nnodes="$SLURM_NNODES" --nproc-per-node="\${SLURM_GPUS_ON_NODE:-1}" --max-restarts=3 \\
  --rdzv-backend=c10d --rdzv-endpoint="$first:29400" --rdzv-id="$SLURM_JOB_ID" \\
  distributed/train.py
`;

const kubernetes = `# 4 machines with 8 GPUs each, with Kubeflow's training operator: kubectl apply -f pytorchjob.yaml
# The folder that this file is in lies on the volume 'fovea-run', which all machines can write.
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata:
  name: fovea
spec:
  elasticPolicy:
    rdzvBackend: c10d
    minReplicas: 4
    maxReplicas: 4
    maxRestarts: 3
  pytorchReplicaSpecs:
    Worker:
      replicas: 4
      restartPolicy: OnFailure
      template:
        spec:
          # A step and a checkpoint must fit into it.
          terminationGracePeriodSeconds: 120
          containers:
            - name: pytorch
              image: pytorch/pytorch:latest
              # The operator says the rest (PET_NNODES, PET_RDZV_ENDPOINT, ...), which torchrun reads. Processes on each
              # machine are told here, since operators differ in where they want that.
              command: ["torchrun", "--nproc-per-node=8", "/run-folder/distributed/train.py"]
              resources:
                limits:
                  nvidia.com/gpu: 8
              volumeMounts:
                - { name: run, mountPath: /run-folder }
                - { name: shm, mountPath: /dev/shm }
          volumes:
            - name: run
              persistentVolumeClaim: { claimName: fovea-run }
            - name: shm
              emptyDir: { medium: Memory }
`;

const about = (place: string, pictures: string): string => `# A Fovea run for torchrun

This folder is a run of Fovea and the program that trains it with PyTorch Distributed (torch and numpy; NCCL on GPUs,
gloo on CPUs). Training starts ${place}. All machines need this folder under one path, and must be able to write it.

    torchrun --standalone --nproc-per-node 2 distributed/train.py     on one machine
    sbatch slurm.sbatch                                               on a Slurm cluster
    kubectl apply -f pytorchjob.yaml                                  on Kubernetes

${pictures}

The same command goes on where it stopped; a process that dies is started again by torchrun and goes on from the last
checkpoint. The batch is that of the recipe and is divided among the processes. Fovea reads the folder at any time:

    npx fovea runs                       its curves so far
    npx fovea test FOLDER                test pictures, where the data are as they were
    npx fovea train --resume FOLDER      goes on with it on Fovea's own engine
`;

/** Names and contents. @param place where training begins. @param store where the pictures lie, unless in the folder. */
export function schedulerFiles(place: string, store: string | undefined): ReadonlyMap<string, string> {
  const pictures =
    store === undefined
      ? 'The pictures are in `distributed/pictures`.'
      : 'The pictures stay in the prepared store that `distributed/job.json` names; where it lies elsewhere on the\nmachines: `train.py --store FOLDER`.';
  return new Map([
    ['slurm.sbatch', slurm],
    ['pytorchjob.yaml', kubernetes],
    ['README.md', about(place, pictures)],
  ]);
}
