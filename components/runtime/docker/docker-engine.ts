import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface DockerEngineArgs {
  /**
   * Where it listens: `unix:///var/run/docker.sock` or `ssh://user@host`.
   *
   * @default the DOCKER_HOST of whoever deploys, else this machine's own
   */
  readonly host?: string;
  /** In front of every name on the engine. */
  readonly prefix: string;
}

/**
 * One Docker engine and the network of an environment on it: creates `${name}-provider`, `${name}-network` and an
 * `${name}-image-…` for each image asked for. Images stay on the engine when the environment goes.
 */
export class DockerEngine extends pulumi.ComponentResource {
  readonly provider: docker.Provider;
  /** Name of the network, known once it exists. */
  readonly networkName: pulumi.Output<string>;
  private readonly name: string;
  private readonly images = new Map<string, docker.RemoteImage>();

  constructor(name: string, args: DockerEngineArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { host, prefix } = args;
    super("gpuobs:runtime:DockerEngine", name, { prefix }, opts);
    this.name = name;
    this.provider = new docker.Provider(
      `${name}-provider`,
      {
        ...(host === undefined ? {} : { host }),
        // One half of the plugin then asks for no engine in a preview; for the other half see `withPreviewedEngine`.
        disableDockerDaemonCheck: true,
      },
      { parent: this },
    );
    const labels = [{ label: "gpu-observability.environment", value: prefix }];
    const network = new docker.Network(`${name}-network`, { name: prefix, driver: "bridge", labels }, this.child());
    this.networkName = network.name;
    this.registerOutputs({ network: this.networkName });
  }

  /** Id of an image, pulled when the engine does not have it; the same digest is the same container. */
  imageId(image: string): pulumi.Output<string> {
    const known = this.images.get(image);
    if (known !== undefined) return known.imageId;
    const name = `${this.name}-image-${image.replaceAll(/[^A-Za-z0-9.]+/g, "-")}`;
    const made = new docker.RemoteImage(name, { name: image, keepLocally: true }, this.child());
    this.images.set(image, made);
    return made.imageId;
  }

  private child(): pulumi.CustomResourceOptions {
    return { parent: this, provider: this.provider };
  }
}
