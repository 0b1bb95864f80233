// The language server's way in: `--stdio` or `--node-ipc`, as the client asks on the command line.

import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { loadAnalysisHost } from "./io/analysisHost";
import { loadPackageVersion } from "./io/packageVersion";
import { startServer } from "./lsp/start";

if (process.argv.some(argument => argument === "--stdio" || argument === "--node-ipc")) {
  startServer(createConnection(ProposedFeatures.all), {
    version: loadPackageVersion(__dirname),
    createHost: loadAnalysisHost,
  });
} else {
  process.stderr.write("nix-deploy: say how to talk: --stdio or --node-ipc\n");
  process.exitCode = 2;
}
