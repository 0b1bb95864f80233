// Which folder may import what. The drawing is in ARCHITECTURE.md; every arrow that is not in it is an error here.
const tests = "\\.test\\.ts$";
const features =
  "^client/src/(hosts|caches|keys|deploy|history|staging|push|workflow|evaluate|languageModel|languageServer|support)/";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "core-is-pure",
      comment: "core imports nothing but itself and web-tree-sitter",
      severity: "error",
      from: { path: "^server/src/core/", pathNot: tests },
      to: { pathNot: ["^server/src/core/", "node_modules/web-tree-sitter/"] },
    },
    {
      name: "trees-stay-in-syntax",
      severity: "error",
      from: { path: "^server/src/core/", pathNot: "^server/src/core/syntax/" },
      to: { path: "node_modules/web-tree-sitter/" },
    },
    {
      name: "formats-and-text-stand-alone",
      severity: "error",
      from: { path: "^server/src/core/(formats|text)/", pathNot: tests },
      to: { pathNot: "^server/src/core/(formats|text)/" },
    },
    {
      name: "syntax-knows-only-text",
      severity: "error",
      from: { path: "^server/src/core/syntax/", pathNot: tests },
      to: { pathNot: ["^server/src/core/(syntax|text)/", "node_modules/web-tree-sitter/"] },
    },
    {
      name: "rules-read-facts-not-syntax",
      severity: "error",
      from: { path: "^server/src/core/rules/", pathNot: tests },
      to: {
        path: "^server/src/core/(syntax|eval|modules)/",
        pathNot: "^server/src/core/eval/(datum|textDatum)\\.ts$",
      },
    },
    {
      name: "io-knows-only-core",
      severity: "error",
      from: { path: "^server/src/io/", pathNot: tests },
      to: { path: "^(server/src/(lsp|main|cli)|client/)" },
    },
    {
      name: "protocol-imports-nothing",
      severity: "error",
      from: { path: "^server/src/protocol\\.ts$" },
      to: { path: ".*" },
    },
    {
      name: "client-takes-little-of-the-server",
      comment: "the messages, the formats, the table of public caches, and Ed25519 for checking signatures",
      severity: "error",
      from: { path: "^client/src/" },
      to: {
        path: "^server/",
        pathNot: [
          "^server/src/protocol\\.ts$",
          "^server/src/core/formats/",
          "^server/src/core/knowledge/(wellKnownCaches|actions)\\.ts$",
          "^server/src/io/ed25519\\.ts$",
        ],
      },
    },
    {
      name: "server-knows-no-client",
      severity: "error",
      from: { path: "^server/" },
      to: { path: "^(client/|node_modules/(vscode-languageclient|ssh2)/)" },
    },
    {
      name: "server-starts-no-process-and-opens-no-socket",
      severity: "error",
      from: { path: "^server/src/", pathNot: tests },
      to: { path: "^(node:)?(child_process|net|http|https|http2|dgram|tls|dns)(/|$)" },
    },
    {
      name: "vscode-only-at-the-edge",
      severity: "error",
      from: {
        path: "^client/src/",
        pathNot: ["^client/src/extension\\.ts$", "/register\\.ts$", "^client/src/editor/"],
      },
      to: { path: "^vscode$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "features-do-not-import-each-other",
      severity: "error",
      from: { path: features },
      to: { path: features, pathNot: "^client/src/$1/" },
    },
    {
      name: "no-unresolved",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^vscode$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
