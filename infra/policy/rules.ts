import type { PolicyRule } from "./model.ts";
import { alertsReachSomebody } from "./rules/alerting.ts";
import { noNeedlessApiToken } from "./rules/api-token.ts";
import { batchInQueue } from "./rules/batch.ts";
import { noDefaultCredentials } from "./rules/default-credentials.ts";
import { disruptionBudgets, replicasSpread } from "./rules/disruption.ts";
import { gpuExporterMemory } from "./rules/gpu-memory.ts";
import { imagesPinned } from "./rules/images.ts";
import { ingressEncrypted } from "./rules/ingress.ts";
import { noTlsInsecure } from "./rules/insecure.ts";
import { labelsStandard } from "./rules/labels.ts";
import { listenersEncrypted } from "./rules/listeners.ts";
import { linksAbsolute } from "./rules/links.ts";
import { memoryLimiterFirst } from "./rules/memory-limiter.ts";
import { noPlainSecrets } from "./rules/plain-secrets.ts";
import { noPortClashes } from "./rules/ports.ts";
import { persistentQueue } from "./rules/queue.ts";
import { queuesFit } from "./rules/queue-sizes.ts";
import { redundant } from "./rules/redundancy.ts";
import { requestsAndLimits } from "./rules/resources.ts";
import { retentionSet } from "./rules/retention.ts";
import { samplingOwnedOnce } from "./rules/sampling.ts";
import { onePathPerSeries } from "./rules/series.ts";
import { stateProtected } from "./rules/state.ts";
import { noOpenWildcard } from "./rules/wildcard.ts";

/** Every rule of the pack, in the order of the table in its README. */
export const RULES: readonly PolicyRule[] = [
  imagesPinned,
  listenersEncrypted,
  ingressEncrypted,
  noTlsInsecure,
  noOpenWildcard,
  noPlainSecrets,
  noDefaultCredentials,
  noNeedlessApiToken,
  memoryLimiterFirst,
  persistentQueue,
  queuesFit,
  batchInQueue,
  samplingOwnedOnce,
  onePathPerSeries,
  noPortClashes,
  requestsAndLimits,
  gpuExporterMemory,
  labelsStandard,
  redundant,
  disruptionBudgets,
  replicasSpread,
  retentionSet,
  alertsReachSomebody,
  linksAbsolute,
  stateProtected,
];
