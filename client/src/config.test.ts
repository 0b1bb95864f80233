import { homedir } from "node:os";
import { expect, test } from "vitest";
import { parseConfig } from "./config";

test("unset settings get their defaults", () => {
  expect(parseConfig(() => undefined)).toEqual({
    tools: {
      nix: "nix",
      deploy: "deploy",
      colmena: "colmena",
      nixosRebuild: "nixos-rebuild",
      cachix: "cachix",
      attic: "attic",
    },
    ssh: { configFile: undefined, concurrency: 16 },
    hosts: { refreshMinutes: 0 },
    deploy: {
      tool: "auto",
      parallel: 4,
      slowMinutes: 10,
      guardSeconds: 60,
      buildOn: "here",
      copyWith: "nix copy",
      canaries: 0,
      batchSize: 0,
      offline: "skip",
      queueMinutes: 30,
      allOrNothing: false,
      healthCommands: new Map(),
      cachixCache: undefined,
    },
    push: { upstreamCaches: ["https://cache.nixos.org"] },
    evaluate: { seconds: 120, memoryMiB: 4096 },
  });
});

test("one bad value does not spoil the others", () => {
  const values: Record<string, unknown> = {
    "tools.nix": 7,
    "tools.deploy": " /opt/deploy ",
    "ssh.configFile": "",
    "deploy.parallel": 1e9,
    "deploy.tool": "ansible",
    "push.upstreamCaches": ["https://a", 7],
  };
  const config = parseConfig(key => values[key]);
  expect(config.tools).toMatchObject({ nix: "nix", deploy: "/opt/deploy" });
  expect(config.ssh.configFile).toBeUndefined();
  expect(config.deploy).toMatchObject({ tool: "auto", parallel: 64, slowMinutes: 10 });
  expect(config.push.upstreamCaches).toEqual(["https://a"]);
});

test("~/ is the home folder", () => {
  const config = parseConfig(key => (key === "ssh.configFile" ? "~/.ssh/fleet" : undefined));
  expect(config.ssh.configFile).toBe(`${homedir()}/.ssh/fleet`);
});
