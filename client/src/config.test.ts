import { homedir } from "node:os";
import { expect, test } from "vitest";
import { parseConfig } from "./config";

test("unset settings get their defaults", () => {
  expect(parseConfig(() => undefined)).toEqual({
    tools: { nix: "nix", deploy: "deploy", colmena: "colmena", nixosRebuild: "nixos-rebuild" },
    ssh: { configFile: undefined, concurrency: 16 },
    hosts: { refreshMinutes: 0 },
    deploy: { tool: "auto", parallel: 4, slowMinutes: 10 },
  });
});

test("one bad value does not spoil the others", () => {
  const values: Record<string, unknown> = {
    "tools.nix": 7,
    "tools.deploy": " /opt/deploy ",
    "ssh.configFile": "",
    "deploy.parallel": 1e9,
    "deploy.tool": "ansible",
  };
  const config = parseConfig(key => values[key]);
  expect(config.tools).toMatchObject({ nix: "nix", deploy: "/opt/deploy" });
  expect(config.ssh.configFile).toBeUndefined();
  expect(config.deploy).toEqual({ tool: "auto", parallel: 64, slowMinutes: 10 });
});

test("~/ is the home folder", () => {
  const config = parseConfig(key => (key === "ssh.configFile" ? "~/.ssh/fleet" : undefined));
  expect(config.ssh.configFile).toBe(`${homedir()}/.ssh/fleet`);
});
