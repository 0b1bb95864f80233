// The tools that are not installed where tests run: a program of the same name notes arguments and environment and prints
// lines as the tool prints them. What the real tools do with it is not tested here.

import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { fleetOf, hostOf } from "../../../../test/harness/snapshots";
import { targetOf } from "../../configuration/project";
import { systemClock } from "../../ports/clock";
import { NodeProcesses } from "../../ports/nodeProcesses";
import { PhaseClock } from "../phaseClock";
import { planDeployment } from "../plan";
import { runStep } from "../runStep";
import type { DeployAction, PlanContext, ToolId } from "./adapter";
import { optionsIn } from "./deployRs";

const SYSTEM = "/nix/store/1c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-24.11";

/** Runs the steps of one tool after preparing; answers what its program was given, and the phases its lines announced. */
async function record(
  tool: ToolId,
  action: DeployAction,
  output: readonly string[],
  change: Partial<PlanContext> = {},
) {
  const folder = mkdtempSync(path.join(tmpdir(), "recorded-"));
  const program = path.join(folder, "program");
  writeFileSync(path.join(folder, "output"), `${output.join("\n")}\n`);
  const script = `#!/bin/sh
cd ${folder}
printf '%s|' "$@" >> args; echo >> args
env | grep -E '^(RUST_LOG|SSH_CONFIG_FILE|NIX_SSHOPTS)=' >> env
cat > input
cat output >&2
`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  const context: PlanContext = {
    tools: {
      nix: "nix",
      deploy: program,
      colmena: program,
      nixosRebuild: program,
      cachix: program,
      attic: program,
    },
    sshConfigFile: undefined,
    ownSshOptions: undefined,
    nixosRebuild: "ng",
    colmena: "newer",
    guardSeconds: 60,
    buildOn: "here",
    deployRsOptions: undefined,
    cachixCache: "fleet",
    missing: new Set(),
    nixosRebuildOptions: undefined,
    sudoAsks: new Set(),
    copyWith: "nix copy",
    ...change,
  };
  const host = hostOf({ name: "web", hostname: "web.test", sshUser: "root", tools: [tool], root: folder });
  const fleet = {
    ...fleetOf([]),
    entryPoints: [{ path: `${folder}/flake.nix`, kind: "flake", complete: true, why: [] }],
  };
  const [plan] = planDeployment(action, [targetOf(host, fleet)], tool, context).hosts;
  if (plan === undefined) throw new Error("no plan");
  const phases: string[] = [];
  const run = {
    plan: { ...plan, connection: undefined },
    processes: new NodeProcesses(systemClock),
    clock: systemClock,
    phases: new PhaseClock(systemClock, phase => phases.push(phase)),
    signal: new AbortController().signal,
    hooks: {},
    emit: () => undefined,
  };
  for (const step of plan.steps) {
    if (step.where !== "here") continue;
    run.phases.enter(step.phase);
    expect(await runStep(run, step, SYSTEM)).toMatchObject({ failure: undefined });
  }
  const read = (name: string) =>
    readFileSync(path.join(folder, name), "utf8").replaceAll(folder, "/w").trimEnd();
  return { args: read("args").split("\n"), env: read("env"), input: read("input"), phases };
}

const COLOURED_INFO = "\u001b[38;5;51mINFO\u001b[0m";

test("deploy-rs: its lines are read in colour", async () => {
  const lines = [
    "Running checks for flake in .",
    "Evaluating flake in .",
    "The following profiles are going to be deployed:",
    "Building profile `system` for node `web`",
    "Copying profile `system` to node `web`",
    "Activating profile `system` for node `web`",
    "Success activating, attempting to confirm activation",
    "Deployment confirmed.",
  ].map(text => `🚀 ℹ️ [deploy] [${COLOURED_INFO}] ${text}`);
  const { args, phases } = await record("deploy-rs", "deploy", lines);
  expect(args).toEqual([".#web|"]);
  expect(phases).toEqual(["check", "evaluate", "build", "copy", "activate", "confirm"]);
});

test("deploy-rs: a dry run and a boot never take earlier hosts back", async () => {
  const options = optionsIn(
    "  --dry-activate  Show what\n  --boot  x\n      --rollback-succeeded <B>\n  --remote-build",
  );
  const dry = await record("deploy-rs", "dry-activate", [], { deployRsOptions: options });
  expect(dry.args).toEqual([".#web|--dry-activate|--rollback-succeeded|false|"]);
  const boot = await record("deploy-rs", "boot", [], { deployRsOptions: options, buildOn: "target" });
  expect(boot.args).toEqual([".#web|--boot|--rollback-succeeded|false|--remote-build|"]);
});

test("deploy-rs: what the installed one does not know is said before anything runs", async () => {
  const options = optionsIn("--dry-activate --rollback-succeeded");
  await expect(record("deploy-rs", "boot", [], { deployRsOptions: options })).rejects.toThrow(
    "The installed deploy-rs does not know --boot.",
  );
  await expect(record("deploy-rs", "deploy", [], { buildOn: { host: "b" } })).rejects.toThrow(
    "another machine",
  );
});

test("colmena: told to speak, and its labelled lines are read", async () => {
  const lines = [
    "[INFO ] Selected all 1 nodes.",
    "  web | Evaluating web",
    '  web | Built "/nix/store/x"',
    "  web | Pushing system closure",
    "  web | Activating system profile",
    "  web | Activation successful",
    "      | All done!",
  ];
  const { args, env, phases } = await record("colmena", "deploy", lines, {
    sshConfigFile: "/f",
    buildOn: "target",
  });
  expect(args).toEqual(["--config|/w/flake.nix|apply|switch|--on|web|--build-on-target|"]);
  expect(env.split("\n").sort()).toEqual(["RUST_LOG=info", "SSH_CONFIG_FILE=/f"]);
  expect(phases).toEqual(["evaluate", "copy", "activate"]);
});

test("nixos-rebuild: built elsewhere, and ssh with keep-alives", async () => {
  const lines = [
    "building the system configuration...",
    "copying 3 paths...",
    "activating the configuration...",
  ];
  const { args, env, phases } = await record("nixos-rebuild", "deploy", lines, {
    buildOn: { host: "ops@builder" },
  });
  expect(args).toEqual([
    "switch|--flake|.#web|--target-host|root@web.test|--build-host|ops@builder|--use-substitutes|--no-reexec|",
  ]);
  expect(env).toContain("NIX_SSHOPTS=-o BatchMode=yes");
  expect(env).toContain("ServerAliveCountMax=2");
  expect(phases).toEqual(["build", "copy", "activate"]);
});

test("Cachix Deploy: pushes, then names the agent's system on standard input", async () => {
  const { args, input, phases } = await record("cachix-deploy", "deploy", [
    "Deploying agents:",
    "Deployment summary:",
  ]);
  expect(args).toEqual([`push|fleet|${SYSTEM}|`, "deploy|activate|/dev/stdin|--agent|web|"]);
  expect(JSON.parse(input)).toEqual({ agents: { web: SYSTEM } });
  expect(phases).toEqual(expect.arrayContaining(["copy", "activate", "confirm"]));
  await expect(record("cachix-deploy", "boot", [])).rejects.toThrow("can't do this");
  await expect(record("cachix-deploy", "deploy", [], { cachixCache: undefined })).rejects.toThrow(
    "Which Cachix cache",
  );
});
