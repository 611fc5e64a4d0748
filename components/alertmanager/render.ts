import { tlsFiles, within } from "../runtime/workload.ts";
import { renderInhibitions } from "./inhibitions.ts";
import { renderReceivers } from "./receivers.ts";
import { renderRoutes } from "./routes.ts";
import type { AlertmanagerSettings } from "./settings.ts";

/** Where the workload finds the texts of messages. */
export const TEMPLATE_FILE = "templates/notification.tmpl";

/** A name in the certificate of every Alertmanager. */
export const PEER_NAME = "alertmanager";

/** `alertmanager.yml`. */
export function renderAlertmanager(settings: AlertmanagerSettings): object {
  const { paths } = settings.placement;
  return {
    templates: [within(paths.config, TEMPLATE_FILE)],
    route: renderRoutes(settings),
    inhibit_rules: renderInhibitions(),
    receivers: renderReceivers(settings, paths),
  };
}

/** TLS of the cluster's gossip, both ways. */
export function renderClusterTls({ placement }: AlertmanagerSettings): object {
  const { caFile, certFile, keyFile } = tlsFiles(placement.paths);
  const files = { cert_file: certFile, key_file: keyFile };
  return {
    tls_server_config: { ...files, client_auth_type: "RequireAndVerifyClientCert", client_ca_file: caFile },
    // Peers are dialled by the address a name stood for, which no certificate of a pod holds.
    tls_client_config: { ...files, ca_file: caFile, server_name: PEER_NAME },
  };
}
