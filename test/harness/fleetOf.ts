// Builds the fleet of files in memory, without rules, and says what it is in a line a host.

import { expect } from "vitest";
import { AnalysisHost, type Change } from "../../server/src/core/analysis";
import type { Datum } from "../../server/src/core/eval/datum";
import { createFleetBuilder } from "../../server/src/core/fleet/buildFleet";
import type { Field, Fleet, Host } from "../../server/src/core/fleet/fleet";
import { evaluatorPorts } from "../../server/src/io/evaluatorPorts";
import { loadParser } from "../../server/src/io/grammar";

const parser = await loadParser();

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

/** Nothing in it yet. */
export function workspace(): AnalysisHost {
  const { hash, parseToml } = evaluatorPorts((path, text) => parser.parse(path, text));
  return new AnalysisHost({ parser, buildFleet: createFleetBuilder({ parser, hash, parseToml }), rules: [] });
}

/** The files, by their paths below /w, and that there are no others. */
export function changesOf(files: Files): Change[] {
  return [
    ...Object.entries(files).map(([path, text]) => ({ path: `/w/${path}`, text })),
    { path: "/w", whole: true },
  ];
}

/** The fleet of these files; a crash fails the test. */
export function fleetOf(files: Files): Fleet {
  const host = workspace();
  host.apply(changesOf(files));
  const analysis = host.analysis();
  const fleet = analysis.fleet();
  expect(analysis.crashes).toEqual([]);
  return fleet;
}

/** A field, or why it is not known. */
export function text(field: Field<string> | undefined): string | undefined {
  return field?.known === true ? field.value : field === undefined ? undefined : `unknown: ${field.reason}`;
}

/** A host in one line. */
export function line(host: Host): string {
  const profiles = host.profiles.map(
    each =>
      `${each.name}=${each.activation?.kind}:${each.activation?.argument.configuration ?? each.activation?.argument.kind}`,
  );
  return [
    host.name,
    host.tools.join("+"),
    text(host.hostname),
    text(host.sshUser),
    text(host.system),
    ...profiles,
  ]
    .map(part => part ?? "-")
    .join(" ");
}

/** Plain data of a datum. */
export function plain(datum: Datum | undefined): unknown {
  switch (datum?.kind) {
    case "text":
      return datum.text;
    case "scalar":
      return datum.value;
    case "list":
      return [...datum.items.map(plain), ...(datum.complete ? [] : ["…"])];
    case "alternatives":
      return datum.branches.map(branch => [
        branch.condition.negated,
        branch.condition.text,
        plain(branch.value),
      ]);
    default:
      return datum?.kind;
  }
}

/** Two hosts of deploy-rs, computed from a list of names. */
export const DEPLOY_FLAKE = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";
  inputs.deploy.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy }: {
    nixosConfigurations = nixpkgs.lib.genAttrs [ "web" "db" ] (name: nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./common.nix (./hosts + "/\${name}.nix") ];
    });
    deploy.nodes = nixpkgs.lib.mapAttrs (name: system: {
      hostname = "\${name}.example.org";
      profiles.system = { sshUser = "admin"; user = "root"; path = deploy.lib.x86_64-linux.activate.nixos system; };
    }) self.nixosConfigurations;
  };
}`;

export const DEPLOY_FILES: Files = {
  "flake.nix": DEPLOY_FLAKE,
  "common.nix": `{ nix.settings.substituters = [ "https://cache.example.org" ]; nix.settings.trusted-users = [ "admin" ]; }`,
  "hosts/web.nix": "{ nix.sshServe.enable = true; }",
  "hosts/db.nix": "{ lib, ... }: { nix.settings.substituters = lib.mkForce [ ]; }",
};
