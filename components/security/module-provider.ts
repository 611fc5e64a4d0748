import type * as pulumi from "@pulumi/pulumi";

/**
 * A dynamic provider whose code stays in the repository.
 *
 * Pulumi stores the text of a dynamic provider in the state of every resource. This one is a stub of a
 * few lines: it finds the module upwards from the working folder of the provider process (the engine
 * starts it in the program's own folder, `infra/`) and hands each call to it. So the state holds neither
 * our code nor a machine's path, and a moved or cloned repository changes nothing.
 *
 * The serialiser takes no imported name along, and test runners rewrite `import()`: hence
 * `getBuiltinModule` and `require`, which loads an ES module that has no top-level await.
 *
 * A resource is deleted by the stub it was created with: keep `path` and `name` where they are, or leave
 * a module behind that forwards them.
 *
 * @param path - module below the repository's root
 * @param name - its export that implements {@link ProviderModule}
 */
export function moduleProvider(path: string, name: string): pulumi.dynamic.ResourceProvider {
  const key = `${path} ${name}`;
  const provider = providers.get(key) ?? toProvider(path, name);
  providers.set(key, provider);
  return provider;
}

/** The SDK serialises a provider's functions anew for each object it is given: a thousand times for a thousand hosts. */
const providers = new Map<string, pulumi.dynamic.ResourceProvider>();

function toProvider(path: string, name: string): pulumi.dynamic.ResourceProvider {
  const load = () => {
    const { existsSync } = process.getBuiltinModule("node:fs");
    const { createRequire } = process.getBuiltinModule("node:module");
    const { dirname, join } = process.getBuiltinModule("node:path");
    const start = process.cwd();
    let folder = start;
    while (!existsSync(join(folder, path)) && folder !== dirname(folder)) folder = dirname(folder);
    if (!existsSync(join(folder, path))) throw new Error(`${path} is not in ${start} or a folder above it`);
    return createRequire(join(folder, path))(join(folder, path))[name];
  };
  return {
    create: async (inputs) => load().create(inputs),
    read: async (id, props) => load().read(id, props),
    diff: async (id, olds, news) => load().diff(id, olds, news),
    update: async (id, olds, news) => load().update(id, olds, news),
    delete: async (id, props) => load().delete(id, props),
  };
}

/** What the module of a {@link moduleProvider} exports: every method, so that the stub needs no cases. */
export interface ProviderModule<Inputs, Outputs> {
  create(inputs: Inputs): Promise<{ id: string; outs: Outputs }>;
  read(id: string, outputs: Outputs): Promise<{ id: string; props: Outputs }>;
  diff(id: string, outputs: Outputs, inputs: Inputs): Promise<pulumi.dynamic.DiffResult>;
  update(id: string, outputs: Outputs, inputs: Inputs): Promise<{ outs: Outputs }>;
  delete(id: string, outputs: Outputs): Promise<void>;
}
