import {
  PolicyPack,
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { judge, toMessage } from "./judge.ts";
import type { PolicyRule, Tree } from "./model.ts";
import { knownOf } from "./read/known.ts";
import { readPlatform } from "./read/platform.ts";
import type { EngineResource } from "./read/engine-resource.ts";
import { BUNDLE, isBundle } from "./read/ssh.ts";
import { openBundle } from "./read/tar.ts";
import { type Remediation, REMEDIATIONS } from "./remediations.ts";
import { RULES } from "./rules.ts";

// Mandatory unless `--policy-pack-config` says otherwise: forgetting it is safe.
new PolicyPack("gpu-observability", {
  enforcementLevel: "mandatory",
  policies: [...REMEDIATIONS.map(toResourcePolicy), ...RULES.map(toStackPolicy)],
});

function toStackPolicy(rule: PolicyRule): StackValidationPolicy {
  return {
    name: rule.name,
    description: rule.description,
    remediationSteps: rule.fix,
    validateStack: async ({ resources }, report) => {
      const read = await Promise.all(resources.map(toEngineResource));
      for (const violation of judge(rule, readPlatform(read))) {
        report(toMessage(rule, violation), violation.urn);
      }
    },
  };
}

async function toEngineResource({ type, urn, props, opts }: PolicyResource): Promise<EngineResource> {
  const { protect } = opts;
  if (!isBundle({ type, urn })) return { type, urn, props: knownOf(props) as Tree, protect };
  return { type, urn, props: { [BUNDLE]: await openBundle(props["source"]) }, protect };
}

function toResourcePolicy({ name, description, appliesTo, mend }: Remediation): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "remediate",
    remediateResource: ({ type, props }) => (appliesTo(type) && mend(props) ? props : undefined),
  };
}
