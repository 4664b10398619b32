/** The arrows of DESIGN.md, "The layers": who may import whom. */
const may = (from, ...to) => ({
  name: `${from} imports only ${to.join(", ") || "itself"}`,
  severity: "error",
  from: { path: `^${from}/` },
  to: {
    path: "^(model|impl|properties|oracle|api|cli|test|bench)/",
    pathNot: [`^${from}/`, ...to.map((folder) => `^${folder}/`)],
  },
});

module.exports = {
  forbidden: [
    may("model"),
    may("impl", "model/alphabet"),
    may("properties", "model", "impl"),
    may("oracle", "properties", "model", "impl"),
    may("api", "oracle", "properties", "model", "impl"),
    may("cli", "api", "oracle", "properties", "model", "impl"),
    {
      name: "no cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "only one file knows fast-check",
      severity: "error",
      from: { pathNot: "^(properties/drivers/random[.]ts$|test/)" },
      to: { path: "fast-check" },
    },
    {
      name: "everything is reached",
      severity: "error",
      from: { orphan: true, pathNot: "^(cli/main|bench/|test/)" },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
