import * as pulumi from "@pulumi/pulumi";
import type { Summary } from "../summary/model.ts";
import { KEPT_SUMMARY_TYPE, packSummary } from "../summary/pack.ts";

/**
 * Keeps in the stack's state what the environment is, for the next preview to compare with. As an output of the stack it
 * would be printed, a thousand lines, by every `pulumi up`.
 */
export function keepSummary(summary: Summary): void {
  new KeptSummary(summary);
}

class KeptSummary extends pulumi.ComponentResource {
  constructor(summary: Summary) {
    super(KEPT_SUMMARY_TYPE, "summary");
    this.registerOutputs({ summary: packSummary(summary) });
  }
}
