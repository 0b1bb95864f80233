// `nix-deploy lsp --stdio`: the language server, for editors other than VS Code.

import { readArguments } from "./arguments";
import type { Command } from "./command";
import { UserError } from "./userError";

const USAGE = "lsp --stdio";

export const lsp: Command = {
  name: "lsp",
  usage: USAGE,
  summary: "Serve an editor with the language server protocol",
  async run(given) {
    const args = readArguments(given, { stdio: "boolean" }, USAGE);
    if (!args.flag("stdio")) throw new UserError(`the server speaks over stdio: nix-deploy ${USAGE}`);
    // Loaded only now: the protocol library is most of the bundle, and check does without it.
    const { createConnection, ProposedFeatures, StreamMessageReader, StreamMessageWriter } = await import(
      "vscode-languageserver/node"
    );
    const { startServer } = await import("../lsp/start");
    const { loadAnalysisHost } = await import("../io/analysisHost");
    const { loadPackageVersion } = await import("../io/packageVersion");
    const reader = new StreamMessageReader(process.stdin);
    const writer = new StreamMessageWriter(process.stdout);
    startServer(createConnection(ProposedFeatures.all, reader, writer), {
      version: loadPackageVersion(__dirname),
      createHost: loadAnalysisHost,
    });
    return await new Promise<number>(resolve => process.stdin.once("end", () => resolve(0)));
  },
};
