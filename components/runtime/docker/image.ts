/** A container image and how a program is started in it. */
export interface ContainerImage {
  /** `registry/name:version`, with `@sha256:…` where the digest is known. */
  readonly image: string;
  /** The program, where the image's own entry point would start something else. */
  readonly command?: readonly string[];
  /** Folders of the engine's machine that the program itself lies in, read-only. @default none: it lies in the image */
  readonly mounts?: readonly BindMount[];
}

/** A folder of the engine's machine and where the container sees it. */
export interface BindMount {
  readonly hostPath: string;
  readonly mountPath: string;
}
