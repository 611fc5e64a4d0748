import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { judge, toMessage } from "./judge.ts";
import type { PolicyRule } from "./model.ts";
import { readRequest } from "./read/request.ts";
import { noteSent } from "./read/sent.ts";
import { type Remediation, REMEDIATIONS } from "./remediations.ts";
import { RULES } from "./rules.ts";

/** Judges nothing: the one kind of policy that is handed what the program gave, before any plugin answers. */
const AS_GIVEN: ResourceValidationPolicy = {
  name: "bundles-readable",
  description: "Lets the other rules read what a host over ssh is to be sent, and what a process is started with.",
  enforcementLevel: "advisory",
  validateResource: noteSent,
};

// Mandatory unless `--policy-pack-config` says otherwise: forgetting it is safe.
new PolicyPack("gpu-observability", {
  enforcementLevel: "mandatory",
  policies: [AS_GIVEN, ...REMEDIATIONS.map(toResourcePolicy), ...RULES.map(toStackPolicy)],
});

function toStackPolicy(rule: PolicyRule): StackValidationPolicy {
  return {
    name: rule.name,
    description: rule.description,
    remediationSteps: rule.fix,
    validateStack: async ({ resources }, report) => {
      for (const violation of judge(rule, await readRequest(resources))) {
        report(toMessage(rule, violation), violation.urn);
      }
    },
  };
}

function toResourcePolicy({ name, description, appliesTo, mend }: Remediation): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "remediate",
    remediateResource: ({ type, props }) => (appliesTo(type) && mend(props) ? props : undefined),
  };
}
