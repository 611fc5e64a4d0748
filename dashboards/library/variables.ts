import { spans } from "../../components/signals/applications.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { type Query, promql } from "../../components/signals/query.ts";

/** A choice at the top of a dashboard: the values a label of some series has. */
export interface Variable {
  /** Name in queries and in links (`var-host_name`). */
  readonly name: string;
  /** What is shown beside it. */
  readonly title: string;
  readonly description: string;
  /** Series whose label is read. */
  readonly query: Query;
  /** Label of Prometheus. @default the name */
  readonly label?: string;
  /** Several values at once, or all. @default true */
  readonly multi?: boolean;
}

/** What "all" stands for in a matcher: any value, but a value. */
export const ANY = ".+";

/** `$environment`, from the series that say it. */
export const environmentFrom = (query: Query): Variable => ({
  name: "environment",
  title: "Environment",
  description: "Environment, `deployment.environment.name`.",
  query,
  label: "deployment_environment_name",
});
/** `$host_name`, from the series that say it. */
export const hostFrom = (query: Query): Variable => ({
  name: "host_name",
  title: "Host",
  description: "Host, `host.name`.",
  query,
});
/** `$service_name`, from the series that say it. */
export const serviceFrom = (query: Query): Variable => ({
  name: "service_name",
  title: "Service",
  description: "Service, `service.name`.",
  query,
});

/** Environments that have GPUs. */
export const ENVIRONMENT = environmentFrom(promql`${gpu.temperature}`);
/** Hosts that have GPUs. */
export const HOST_NAME = hostFrom(promql`${gpu.temperature}{deployment_environment_name=~"$environment"}`);
/** GPUs of the hosts chosen. */
export const GPU: Variable = {
  name: "gpu",
  title: "GPU",
  description: "Number of the GPU on its host, as DCGM counts them.",
  query: promql`${gpu.temperature}{deployment_environment_name=~"$environment", host_name=~"$host_name"}`,
};
/** Services that send spans. */
export const SERVICE_NAME = serviceFrom(promql`${spans.calls}{deployment_environment_name=~"$environment"}`);

/** One value at a time, for a dashboard about one thing. */
export const single = (variable: Variable): Variable => ({ ...variable, multi: false });

/** Matchers of the choices above, to write between braces: `` promql`${gpu.power}{${ON_GPU}}` ``. */
export const ON_ENVIRONMENT = 'deployment_environment_name=~"$environment"';
export const ON_HOST = `${ON_ENVIRONMENT}, host_name=~"$host_name"`;
export const ON_GPU = `${ON_HOST}, gpu=~"$gpu"`;
export const OF_SERVICE = `${ON_ENVIRONMENT}, service_name=~"$service_name"`;
