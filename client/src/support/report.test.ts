import { expect, test } from "vitest";
import { parseConfig } from "../config";
import { Emitter } from "../events";
import { systemClock } from "../ports/clock";
import { NodeProcesses } from "../ports/nodeProcesses";
import { advice } from "./advice";
import { examine } from "./doctor";
import { type DoctorFindings, doctorReport } from "./report";

const findings: DoctorFindings = {
  extension: "0.1.0",
  editor: "Code 1.105.0",
  platform: "Linux 6",
  home: "/home/ada",
  trusted: true,
  server: "running",
  hosts: [["deploy-rs", "nixos-rebuild"], ["colmena"]],
  entryPoints: [{ path: "/home/ada/infra/flake.nix", complete: false, why: ["comes from an input"] }],
  tools: [
    { name: "nix", path: "/usr/bin/nix", version: "nix (Nix) 2.8.0" },
    { name: "colmena", setting: "colmena", path: undefined, version: undefined },
    { name: "attic", setting: "attic", path: undefined, version: undefined },
  ],
  features: "flakes",
  sshAgent: { kind: "running", keys: 2 },
  sshConfigFile: undefined,
};

test("the report is a page that can be pasted into an issue", () => {
  expect(doctorReport(findings)).toMatchInlineSnapshot(`
    "# Nix Deploy: Doctor

    - Extension: 0.1.0
    - Editor: Code 1.105.0
    - System: Linux 6
    - Workspace trusted: yes
    - Language server: running
    - Hosts: 2

    ## What to do

    - Hosts set up for colmena: 1, but it was not found. Install it or set \`nixDeploy.tools.colmena\`; plain Nix and SSH can deploy them, too.

    ## Entry points

    - \`~/infra/flake.nix\`: read in part; comes from an input

    ## Tools

    | Tool    | Version         | Path         |
    | ------- | --------------- | ------------ |
    | nix     | nix (Nix) 2.8.0 | /usr/bin/nix |
    | colmena |                 | not found    |
    | attic   |                 | not found    |

    ## Settings

    - Experimental features of Nix: flakes (missing nix-command; deploying turns them on for its own commands)
    - SSH agent: running, keys: 2
    - SSH configuration: ssh's own
    "
  `);
});

test("what is missing comes with what to do", () => {
  const tools = ["nix", "ssh", "git", "deploy-rs", "attic"].map(name => ({
    name,
    setting: "x",
    path: undefined,
    version: undefined,
  }));
  const broken: DoctorFindings = {
    ...findings,
    trusted: false,
    server: "failed: x",
    tools,
    sshAgent: { kind: "none" },
  };
  const named = [
    /Workspace Trust/,
    /Restart Language Server/,
    /Install Nix/,
    /OpenSSH/,
    /Git/,
    /deploy-rs: 1,/,
    /agent/,
  ];
  const lines = advice(broken);
  expect(lines).toHaveLength(named.length);
  for (const [index, pattern] of named.entries()) expect(lines[index]).toMatch(pattern);
  expect(advice({ ...findings, entryPoints: [], tools: [] })).toEqual([expect.stringContaining("flake.nix")]);
  expect(doctorReport({ ...findings, tools: [] })).toContain("Nothing: all that is needed was found.");
});

test("no secret gets into the report", () => {
  expect(doctorReport({ ...findings, server: "failed: https://me:pw@host token=abc" })).not.toMatch(
    /pw@|abc/,
  );
});

function app(trusted: boolean) {
  const processes = new NodeProcesses(systemClock);
  let started = 0;
  const counting = {
    run: (...args: Parameters<typeof processes.run>) => {
      started++;
      return processes.run(...args);
    },
    dispose: () => undefined,
  };
  const never = new Emitter<never>().event;
  const parts = {
    version: "0.1.0",
    config: { read: () => parseConfig(() => undefined), onDidChange: never },
    workspace: { trusted, folders: [], onDidChange: never, setContext: () => undefined },
    server: { state: { kind: "failed", why: "x" } },
    state: { fleet: { snapshot: undefined } },
    ports: { processes: counting },
  };
  // the parts that the doctor reads; the rest of App is not touched
  return { app: parts as never as Parameters<typeof examine>[0], started: () => started };
}

test("in a trusted workspace the machine is asked", async () => {
  const { app: trusted } = app(true);
  const found = await examine(trusted, "Code 1.105.0", new AbortController().signal);
  expect(found.tools?.map(tool => tool.name)).toEqual([
    "nix",
    "deploy-rs",
    "colmena",
    "nixos-rebuild",
    "ssh",
    "git",
    "cachix",
    "attic",
  ]);
  expect(found.tools?.find(tool => tool.name === "git")?.version).toMatch(/^git version/);
  expect(found.server).toBe("failed: x");
});

test("in an untrusted workspace nothing is started", async () => {
  const { app: untrusted, started } = app(false);
  const found = await examine(untrusted, "Code 1.105.0", new AbortController().signal);
  expect(found.tools).toBeUndefined();
  expect(started()).toBe(0);
});
