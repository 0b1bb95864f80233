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
    // Loaded only now, from a bundle of its own: what it takes is as much as all other commands together.
    // The server goes on until its input ends, and then ends the process as the protocol says.
    await import("../main");
    return 0;
  },
};
