import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { schedulerFiles } from './schedulers.ts';

const files = schedulerFiles('anew', undefined);

it('the Slurm script is one that bash reads, with its options before the first command', () => {
  const script = files.get('slurm.sbatch')!;
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const lines = script.split('\n');
  const options = lines.filter((line) => line.startsWith('#SBATCH '));
  // As `man sbatch` has them.
  for (const option of options) {
    expect(option).toMatch(
      /^#SBATCH --((job-name|time|signal)=\S+|(nodes|ntasks-per-node|gpus-per-node|cpus-per-task)=\d+|requeue)$/,
    );
  }
  const firstCommand = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  expect(lines.findLastIndex((line) => line.startsWith('#SBATCH '))).toBeLessThan(firstCommand);
});

/** What Kubeflow's training operator refuses or would not read (its pytorch_types.go, pytorch_validation.go). */
it('the Kubernetes job has the fields of a PyTorchJob, and what the operator asks of them', () => {
  const job = parse(files.get('pytorchjob.yaml')!);
  expect(Object.keys(job).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  expect([job.apiVersion, job.kind]).toEqual(['kubeflow.org/v1', 'PyTorchJob']);
  expect(job.metadata.name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
  const known = ['runPolicy', 'elasticPolicy', 'pytorchReplicaSpecs', 'nprocPerNode'];
  expect(known).toEqual(expect.arrayContaining(Object.keys(job.spec)));
  const { rdzvBackend, ...counts } = job.spec.elasticPolicy;
  expect(rdzvBackend).toBe('c10d');
  expect(Object.keys(counts).sort()).toEqual(['maxReplicas', 'maxRestarts', 'minReplicas']);
  for (const count of Object.values(counts)) expect(Number.isInteger(count)).toBe(true);
  // Workers alone: torchrun's own rendezvous elects, a master would only be in its way.
  expect(Object.keys(job.spec.pytorchReplicaSpecs)).toEqual(['Worker']);
  const { replicas, restartPolicy, template, ...others } = job.spec.pytorchReplicaSpecs.Worker;
  expect(others).toEqual({});
  expect(['Always', 'OnFailure', 'Never', 'ExitCode']).toContain(restartPolicy);
  expect([counts.minReplicas, counts.maxReplicas]).toEqual([replicas, replicas]);
  const [container] = template.spec.containers;
  // The operator looks for a container of this name.
  expect(container.name).toBe('pytorch');
  expect(container.image).toBeTruthy();
  expect(container.command).toContain(`--nproc-per-node=${container.resources.limits['nvidia.com/gpu']}`);
  const volumes = template.spec.volumes.map(({ name }: { name: string }) => name);
  expect(container.volumeMounts.map(({ name }: { name: string }) => name)).toEqual(volumes);
});
