import { expect, test } from "vitest";
import { analyse } from "../../../../test/harness/analyse";
import { nix } from "../../../../test/harness/nix";
import { hostLenses } from "./codeLenses";
import { completions } from "./completion";
import { cursorAt } from "./cursor";
import { documentLinks } from "./documentLinks";
import { hover } from "./hover";
import { inlayHints } from "./inlayHints";
import { definitions, references } from "./navigation";
import { fileSymbols } from "./symbols";

const TEXT = nix`{ config, lib, environment ? "é👩‍🚀", ... }@args:
let caches = [ "https://c.example.org" ]; in with lib; {
  imports = [ ./a.nix <nixpkgs/x> ];
  nix = { settings = { "substituters" = mkIf (environment == "p") (caches ++ [ "s3://b?x=\${environment}" ]); }; };
  nix.extraOptions = ''
    secret-key-files = /etc/nix/key
  '';
  deploy.nodes = mapAttrs (n: h: { hostname = h.address or n; profiles.system.path = deploy-rs.lib.\${h.system}.activate.nixos self.nixosConfigurations.\${n}; }) {};
  inherit (args) x; a.\${"b"}.c = if !true then -1 else assert true; rec { y = x |> f; };
}
`;

test("no feature throws at any place of any prefix", () => {
  const path = "/w/flake.nix";
  const tools = { sha256: (bytes: Uint8Array) => bytes };
  for (let end = 0; end <= TEXT.length; end += 7) {
    const analysis = analyse(new Map([[path, TEXT.slice(0, end)]]));
    const root = analysis.file(path)?.root;
    for (const offset of [end, end - 1, Math.floor(end / 2)].filter(each => each >= 0)) {
      if (root !== undefined) cursorAt(root, offset);
      completions(analysis, path, offset);
      hover(analysis, path, offset, tools);
      definitions(analysis, path, offset);
      references(analysis, path, offset);
    }
    hostLenses(analysis, path);
    documentLinks(analysis, path);
    inlayHints(analysis, path, { start: 0, end });
    fileSymbols(analysis, path);
    expect(analysis.crashes).toEqual([]);
  }
});
