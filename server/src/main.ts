// The language server's way in: `--stdio` or `--node-ipc`, as the client asks on the command line.

import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { AnalysisHost } from "./core/analysis";
import { nodeEd25519 } from "./io/ed25519";
import { loadParser } from "./io/grammar";
import { loadPackageVersion } from "./io/packageVersion";
import { startServer } from "./lsp/start";

if (process.argv.some(argument => argument === "--stdio" || argument === "--node-ipc")) {
  startServer(createConnection(ProposedFeatures.all), {
    version: loadPackageVersion(__dirname),
    createHost: async () =>
      new AnalysisHost({ parser: await loadParser(), publicKeyOfSeed: nodeEd25519.publicKey }),
  });
} else {
  process.stderr.write("nix-deploy: say how to talk: --stdio or --node-ipc\n");
  process.exitCode = 2;
}
