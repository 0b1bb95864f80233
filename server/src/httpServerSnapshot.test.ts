import { expect, test } from "vitest";
import { analyse } from "../../test/harness/analyse";
import { parseFixture } from "../../test/harness/fixture";
import { httpServerSnapshot } from "./httpServerSnapshot";

/** What is read of a host with this module. */
function read(module: string) {
  const { files } = parseFixture(`#- flake.nix
{ outputs = { self, nixpkgs }: { nixosConfigurations.stage = nixpkgs.lib.nixosSystem { modules = [ (${module}) ]; }; }; }
`);
  const [host] = analyse(files).fleet().hosts;
  return host === undefined ? undefined : httpServerSnapshot(host).httpServer;
}

test.each([
  ["{ }", undefined],
  ["{ services.nix-serve.enable = true; }", { service: "nix-serve", port: 5000, flat: false }],
  [
    '{ services.nix-serve = { secretKeyFile = "/k"; port = 8080; }; }',
    { service: "nix-serve", port: 8080, flat: false },
  ],
  ["{ services.harmonia.cache.enable = true; }", { service: "harmonia", port: 5000, flat: false }],
  [
    '{ services.harmonia = { enable = true; settings.bind = "[::]:8081"; }; }',
    { service: "harmonia", port: 8081, flat: true },
  ],
  [
    '{ services.harmonia.cache = { signKeyPaths = [ "/k" ]; settings = { bind = "127.0.0.1:6000"; workers = 4; }; }; }',
    { service: "harmonia", port: 6000, flat: false },
  ],
  [
    "{ config, ... }: { services.nix-serve = { enable = true; port = config.x.port; }; }",
    { service: "nix-serve", port: null, flat: false },
  ],
])("%s", (module, expected) => expect(read(module)).toEqual(expected));
