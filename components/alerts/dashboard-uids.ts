/** Every dashboard: its uid, which links rest on and which never changes, and its title. */
export const DASHBOARDS = {
  "gpu-fleet": "GPU fleet",
  "gpu-host": "GPU host",
  "gpu-device": "GPU",
  "gpu-workloads": "GPU and workloads",
  "kernel-logs": "Kernel and NVIDIA logs",
  "request-flow": "Crawler, agent and database",
  workflows: "Workflows",
  sla: "Service levels",
  capacity: "Capacity",
  "cost-energy": "Cost and energy",
  satellite: "Satellite",
  "media-clustering": "Media clustering",
  "ml-models": "Models and plugins",
  "telemetry-pipeline": "Telemetry pipeline",
  backends: "Backends",
  audit: "Audit",
  "log-analytics": "Log analytics",
} as const;

export type DashboardUid = keyof typeof DASHBOARDS;
