/** Programs of this project, which Node.js runs: name to the script's path in the repository. */
export const OWN_PROGRAMS: Readonly<Record<string, string>> = {
  "log-keeper": "components/runtime/process/log-keeper.ts",
  console: "components/console/server/main.ts",
  "dcgm-simulator": "components/gpu-host/simulator/main.ts",
};
