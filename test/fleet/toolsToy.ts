// The toy fleet as deploy-rs and colmena want it: profiles that can be activated by deploy-rs' own program, and a hive as
// colmena's `makeHive` makes it. For trying the real programs; what their Nix libraries do with nixpkgs is done here without it.
import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { requireCommand } from "./command";
import { copyToy, type ToyFlake } from "./toyFlake";

export interface ToolsToy extends ToyFlake {
  /** Settings of deploy-rs nodes by host, in Nix. */
  setNodes(nodes: Readonly<Record<string, string>>): Promise<void>;
}

/** `tools` holds the real programs: `deploy` and `activate` of deploy-rs, `colmena`. */
export async function copyToolsToy(tools: string): Promise<ToolsToy> {
  const toy = await copyToy();
  const file = (name: string) => path.join(toy.folder, name);
  const add = () => requireCommand(["git", "-C", toy.folder, "add", "--all"]);
  renameSync(file("flake.nix"), file("toy.nix"));
  copyFileSync(path.join(tools, "activate"), file("activate-program"));
  copyFileSync(path.join(import.meta.dirname, "toy-tools", "flake.nix"), file("flake.nix"));
  writeFileSync(file("nodes.nix"), "{ }\n");
  await add();
  return {
    ...toy,
    async setNodes(nodes) {
      const entries = Object.entries(nodes).map(([host, settings]) => `  "${host}" = { ${settings} };\n`);
      writeFileSync(file("nodes.nix"), `{\n${entries.join("")}}\n`);
      await add();
    },
  };
}
