/** What tells GPUs apart in an alert, and the job on it where a scheduler says so. MIG instances are one GPU. */
export const GPU = "host_name, gpu, hw_id, hpc_job";

/** A GPU in the first line of a notification. */
export const THE_GPU =
  "GPU {{ $labels.gpu }} of {{ $labels.host_name }}{{ with $labels.hpc_job }} (job {{ . }}){{ end }}";

export const KERNEL_LOG = '{service_name="kernel"} |= "NVRM"';
