import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../components/core/errors.ts";
import { deployInOrder, type DeploySteps, toText } from "../../../infra/cli/deploy-in-order.ts";

const ALL: readonly string[] = ["dev", "staging", "production"];

/** Steps that write down what was done; `failing` is `stack step`. */
function recorded(failing = ""): { readonly done: string[]; readonly steps: DeploySteps } {
  const done: string[] = [];
  const act = (step: string) => (stack: string) => {
    done.push(`${stack} ${step}`);
    return Promise.resolve(failing === `${stack} ${step}`);
  };
  const code = (step: string) => async (stack: string) => ((await act(step)(stack)) ? 1 : 0);
  const confirm = async (stack: string) => !(await act("confirm")(stack));
  return { done, steps: { preview: code("preview"), confirm, up: code("up"), verify: code("verify") } };
}

describe("a deployment of several environments", () => {
  it("previews, confirms, brings up and verifies each before it begins the next", async () => {
    const { done, steps } = recorded();
    const results = await deployInOrder(["dev", "staging"], steps);
    expect(done).toEqual([
      ...["preview", "confirm", "up", "verify"].map((step) => `dev ${step}`),
      ...["preview", "confirm", "up", "verify"].map((step) => `staging ${step}`),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["deployed", "deployed"]);
  });

  it.each([
    ["preview", "preview failed"],
    ["confirm", "not confirmed"],
    ["up", "up failed"],
    ["verify", "verify failed"],
  ])("stops when %s does not succeed in the middle", async (step, outcome) => {
    const { done, steps } = recorded(`staging ${step}`);
    const results = await deployInOrder(ALL, steps);
    expect(results.map((result) => result.outcome)).toEqual(["deployed", outcome, "not tried"]);
    expect(done.at(-1)).toBe(`staging ${step}`);
    expect(toText(results)).toMatch(/^dev .*deployed after \d+ s\nstaging .*\nproduction {2}not tried$/);
  });

  it("counts a step that throws as failed", async () => {
    const { steps } = recorded();
    const problem = { path: "stack", expected: "a cluster", got: "none", fix: "start one" };
    const up = () => Promise.reject(new ConfigError([problem]));
    const results = await deployInOrder(ALL, { ...steps, up });
    expect(results.map(({ outcome }) => outcome)).toEqual(["up failed", "not tried", "not tried"]);
  });
});
