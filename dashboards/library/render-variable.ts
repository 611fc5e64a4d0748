import { QueryVariableBuilder, VariableRefresh, VariableSort } from "@grafana/grafana-foundation-sdk/dashboard";
import { DATA_SOURCES } from "./data-sources.ts";
import { ANY, type Variable } from "./variables.ts";

const ALL = { selected: true, text: ["All"], value: ["$__all"] };

/** A choice as Grafana keeps it: the values of a label, asked of Prometheus. */
export function renderVariable({ name, title, description, query, label = name, multi = true }: Variable) {
  const built = new QueryVariableBuilder(name)
    .label(title)
    .description(description)
    .datasource({ ...DATA_SOURCES.prometheus })
    .query({ qryType: 1, query: `label_values(${query.text}, ${label})`, refId: `variable-${name}` })
    .definition(`label_values(${query.text}, ${label})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(multi)
    .includeAll(multi);
  return multi ? built.allValue(ANY).current(ALL) : built;
}
