import { expect, test } from "vitest";
import { readLock, readReference } from "./inputs";

test.each([
  ["github:NixOS/nixpkgs/nixos-24.05", "nixos/nixpkgs"],
  ["github:nixos/nixpkgs?ref=nixos-26.05-small", "nixos/nixpkgs"],
  ["git+https://github.com/Serokell/deploy-rs.git?ref=master", "serokell/deploy-rs"],
  ["git+ssh://git@github.com/nix-community/disko", "nix-community/disko"],
  ["https://github.com/ryantm/agenix/archive/main.tar.gz", "ryantm/agenix"],
  ["https://flakehub.com/f/NixOS/nixpkgs/*.tar.gz", "nixos/nixpkgs"],
  ["https://channels.nixos.org/nixos-unstable/nixexprs.tar.xz", "nixos/nixpkgs"],
  ["nixpkgs/nixos-unstable", "nixos/nixpkgs"],
  ["flake:home-manager", "nix-community/home-manager"],
])("%s is %s", (url, repository) => {
  expect(readReference(url, "/w")).toEqual({ kind: "repository", repository });
});

test.each([
  ["path:./lib", "/w/flake/lib"],
  ["../other", "/w/other"],
  ["path:systems.nix", "/w/flake/systems.nix"],
  ["path:/abs", "/abs"],
])("%s is the folder %s", (url, path) => {
  expect(readReference(url, "/w/flake")).toEqual({ kind: "path", path });
});

test("an unknown name stays unknown", () => {
  expect(readReference("my-registry-entry", "/w")).toEqual({ kind: "other", url: "my-registry-entry" });
});

test("flake.lock says what inputs are, through follows", () => {
  const lock = JSON.stringify({
    root: "root",
    nodes: {
      root: { inputs: { pkgs: "nixpkgs_2", hm: "hm", same: ["hm", "nixpkgs"] } },
      nixpkgs_2: {
        original: { type: "indirect", id: "nixpkgs" },
        locked: { type: "github", owner: "NixOS", repo: "nixpkgs" },
      },
      hm: { inputs: { nixpkgs: ["pkgs"] }, original: { type: "indirect", id: "home-manager" } },
    },
  });
  expect(Object.fromEntries(readLock(lock, "/w"))).toEqual({
    pkgs: { kind: "repository", repository: "nixos/nixpkgs" },
    hm: { kind: "repository", repository: "nix-community/home-manager" },
    same: { kind: "repository", repository: "nixos/nixpkgs" },
  });
});

test("a broken flake.lock says nothing", () => {
  expect(readLock("{ nope", "/w").size).toBe(0);
});
