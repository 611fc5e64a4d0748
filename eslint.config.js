import tseslint from "typescript-eslint";

/** Folders of plain functions: they plan or render, and know nothing of Pulumi. */
const PURE = [
  "components/core/**",
  "components/signals/**",
  "components/alerts/**",
  "components/pipeline/**",
  "components/*/render*.ts",
  "components/*/workload*.ts",
  "infra/environment/**",
  "infra/topology/**",
  "dashboards/**",
];

/** A folder and what it must not reach into. */
const layer = (files, group, message, ignores = []) => ({
  files,
  ignores,
  rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [{ group, message }] }] },
});

const TESTS = ["**/tests/**"];
const PULUMI = ["@pulumi/*", "@pulumiverse/*"];
const INFRA = ["**/infra/**", "../../infra/**"];

export default tseslint.config(
  { ignores: ["node_modules/", "tests/golden/", "infra/toolchain/go/"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "export by name" }],
      "max-lines": ["error", { max: 300 }],
      "max-lines-per-function": ["error", { max: 60, skipComments: true, skipBlankLines: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  layer(["infra/**/*.ts"], TESTS, "nothing imports tests"),
  layer(["components/**/*.ts"], [...TESTS, ...INFRA, "**/dashboards/**"], "components know neither infra nor tests"),
  layer(["components/core/**/*.ts"], [...TESTS, ...INFRA, ...PULUMI, "../*"], "core knows nothing but itself"),
  layer(PURE, [...TESTS, ...PULUMI], "plain functions: no Pulumi, no tests", ["components/core/**", "components/**"]),
  layer(
    [
      "components/signals/**",
      "components/alerts/**",
      "components/pipeline/**",
      "components/*/render*.ts",
      "components/*/workload*.ts",
    ],
    [...TESTS, ...INFRA, ...PULUMI],
    "plain functions: no Pulumi, no infra",
  ),
  {
    files: ["*.config.ts", "*.config.js"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    // A suite is one long describe.
    files: ["tests/**/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
);
