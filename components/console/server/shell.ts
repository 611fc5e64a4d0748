import type { ConsoleBackend, ConsoleConfig } from "../settings.ts";
import { TITLES } from "./ask.ts";

/** Where a person begins at each backend; Tempo and Loki have no page of their own, their APIs answer in JSON. */
const FIRST: Readonly<Record<ConsoleBackend, { readonly path: string; readonly what?: string }>> = {
  prometheus: { path: "/" },
  alertmanager: { path: "/" },
  jaeger: { path: "/" },
  tempo: { path: "/api/search?limit=20", what: " (JSON)" },
  loki: { path: "/loki/api/v1/labels", what: " (JSON)" },
};

/** A page of the console. */
export interface ShownPage {
  readonly path: string;
  readonly title: string;
  readonly description: string;
}

export const ALERTS: ShownPage = {
  path: "/alerts",
  title: "Alerts that fire",
  description: "What Prometheus says fires now, the most severe first.",
};

/** Every page, the first one in front. */
export function pagesOf({ pages }: Pick<ConsoleConfig, "pages">): readonly ShownPage[] {
  const shown = pages.map(({ uid, title, description }) => ({ path: `/${uid}`, title, description }));
  return [...shown, ALERTS];
}

/**
 * The page without its data, which the browser asks for.
 *
 * @param hostname - as the browser calls this machine; the backends' ports are linked under the same
 */
export function renderShell(config: ConsoleConfig, page: ShownPage, hostname: string): string {
  const { environment, ports, backends, grafana } = config;
  const link = (href: string, text: string, more = "") => `<a href="${escape(href)}"${more}>${escape(text)}</a>`;
  const own = pagesOf(config).map(({ path, title }) =>
    link(
      path,
      title,
      `${path === page.path ? ' aria-current="page"' : ""}${path === ALERTS.path ? " data-alerts" : ""}`,
    ),
  );
  const others = (Object.keys(backends) as ConsoleBackend[]).map((name) => {
    const { path, what = "" } = FIRST[name];
    return link(`http://${hostname}:${ports[name]}${path}`, `${TITLES[name]}${what}`);
  });
  const all = grafana === undefined ? others : [link(grafana, "Grafana"), ...others];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(page.title)} · ${escape(environment)} · GPU observability</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/uplot.css">
<link rel="stylesheet" href="/assets/page.css">
<script src="/assets/uplot.js" defer></script>
<script type="module" src="/assets/main.ts"></script>
</head>
<body>
<header>
<p class="environment">GPU observability <strong>${escape(environment)}</strong></p>
<nav aria-label="Pages">${own.join("\n")}</nav>
<nav aria-label="Backends" class="backends">${all.join("\n")}</nav>
</header>
<main>
<h1>${escape(page.title)}</h1>
<p class="description">${escape(page.description)}</p>
<form id="choices" aria-label="What is shown"></form>
<div id="problems" role="alert"></div>
<div id="content"><p>Asking the backends …</p></div>
<noscript><p>The page draws with JavaScript; the backends' own pages are linked above.</p></noscript>
</main>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
