/**
 * Statements that give a PCI bus id its one spelling, `0000:3b:00.0`, as Linux and `lspci -D` have it.
 *
 * DCGM says `00000000:3B:00.0` and the driver `PCI:0000:3b:00` or `0000:3b:00.0`; with one spelling the label
 * `pci_bus_id` of a GPU's series equals `nvidia_pci_bus_id` of its kernel lines, so rules and panels can join the two.
 * Agents do it where the values come in; nothing behind them has to.
 */
export function normalisePciBusId(attribute: string): readonly string[] {
  const id = `attributes["${attribute}"]`;
  return [
    `set(${id}, ConvertCase(${id}, "lower")) where ${id} != nil`,
    // The label of the driver, and the upper half of a domain that fits in the lower one.
    `replace_pattern(${id}, "^(pci:)?(0000)?([0-9a-f]{4}:)", "$$3") where ${id} != nil`,
    `set(${id}, Concat([${id}, "0"], ".")) where ${id} != nil and not IsMatch(${id}, "\\\\.[0-7]$")`,
  ];
}
