#!/usr/bin/env bash
# A sweep as a Slurm array: each task works out its part into one shared folder, and whoever comes last puts the results together.
#   sbatch sweep.slurm.sh my/space.yaml shared/results/mine
# A task that was lost or preempted is submitted again with the same parts: what lies in the folder is not worked out twice.
#   sbatch --array=7 sweep.slurm.sh my/space.yaml shared/results/mine
#SBATCH --job-name=papillon
#SBATCH --array=1-16
#SBATCH --cpus-per-task=8
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --requeue
set -euo pipefail

experiment=$1
folder=$2
# The number of parts belongs to the sweep, not to what is submitted now.
parts=${PARTS:-16}

srun papillon sweep "$experiment" -o "$folder" --shard "$SLURM_ARRAY_TASK_ID/$parts" --workers "$SLURM_CPUS_PER_TASK"
