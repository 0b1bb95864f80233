import { expect, test } from "vitest";
import type { HostSnapshot } from "../../../server/src/protocol";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import type { PreferredTool } from "../config";
import { targetOf } from "../configuration/project";
import { UserError } from "../userError";
import { allSteps, planDeployment } from "./plan";
import { planScript } from "./planText";
import { shellLine } from "./step";
import type { DeployAction, PlanContext } from "./tools/adapter";
import { colmenaVersion } from "./tools/colmena";

const context: PlanContext = {
  tools: {
    nix: "nix",
    deploy: "deploy",
    colmena: "colmena",
    nixosRebuild: "nixos-rebuild",
    cachix: "cachix",
    attic: "attic",
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
};

const OPTIONS = "-o BatchMode=yes -o ConnectTimeout=8 -o ServerAliveInterval=5 -o ServerAliveCountMax=2";

/** The plan's commands as shell lines, with the options of every ssh shortened. */
function commands(
  host: Partial<HostSnapshot> & { name: string },
  action: DeployAction,
  change: { tool?: PreferredTool; context?: Partial<PlanContext>; kind?: string } = {},
): string {
  const kind = change.kind ?? "flake";
  const fleet = { ...fleetOf([]), entryPoints: [{ path: `/w/${kind}.nix`, kind, complete: true, why: [] }] };
  const plan = planDeployment(action, [targetOf(hostOf(host), fleet)], change.tool ?? "auto", {
    ...context,
    ...change.context,
  });
  const lines = plan.hosts.flatMap(item => [`# ${item.tool}`, ...allSteps(item).map(shellLine)]);
  return lines
    .join("\n")
    .replaceAll(`'${OPTIONS}'`, "OPTS")
    .replaceAll(OPTIONS, "OPTS")
    .replaceAll("--extra-experimental-features 'nix-command flakes'", "FEATURES");
}

const web = { name: "web", hostname: "10.0.0.1", sshUser: "root" };

test("direct: build, copy, set the profile, switch", () => {
  expect(commands(web, "deploy", { tool: "direct" })).toMatchInlineSnapshot(`
    "# direct
    system=$(nix build '.#nixosConfigurations.web.config.system.build.toplevel' --no-link --json FEATURES | sed -n 's/.*"out":"\\([^"]*\\)".*/\\1/p')
    NIX_SSHOPTS=OPTS nix copy --to ssh://root@10.0.0.1 "$system" --substitute-on-destination --no-check-sigs FEATURES
    ssh OPTS -- root@10.0.0.1 'nix-env -p /nix/var/nix/profiles/system --set '"$system" &&
    ssh OPTS -- root@10.0.0.1 "$system"'/bin/switch-to-configuration switch'"
  `);
});

test("direct: boot sets the profile without switching, dry-activate neither, build stays here", () => {
  expect(commands(web, "boot", { tool: "direct" }).split("\n").slice(3)).toEqual([
    `ssh OPTS -- root@10.0.0.1 'nix-env -p /nix/var/nix/profiles/system --set '"$system" &&`,
    `ssh OPTS -- root@10.0.0.1 "$system"'/bin/switch-to-configuration boot'`,
  ]);
  expect(commands(web, "dry-activate", { tool: "direct" })).not.toContain("--set");
  expect(commands(web, "build", { tool: "direct" })).not.toMatch(/ssh|copy/);
});

test("what the configuration gives to ssh reaches every ssh, also that of Nix and of the tools", () => {
  const host = { ...web, sshOpts: ["-p", "2222"] };
  const direct = commands(host, "deploy", { tool: "direct" });
  expect(direct).toContain("NIX_SSHOPTS='-p 2222 OPTS' nix copy");
  expect(direct).toContain("ssh -p 2222 OPTS -- root@10.0.0.1 'nix-env");
  const onTarget = { buildOn: "target" } as const;
  expect(commands(host, "deploy", { tool: "direct", context: onTarget })).toMatch(
    /NIX_SSHOPTS='-p 2222 .* nix build .* --store ssh-ng:/,
  );
  const configured = { sshConfigFile: "/f" };
  expect(commands({ ...host, tools: ["deploy-rs"] }, "deploy", { context: configured })).toContain(
    "--ssh-opts '-F /f -p 2222 ",
  );
  const elsewhere = { buildOn: { host: "builder" } };
  expect(() => commands(host, "deploy", { tool: "direct", context: elsewhere })).toThrow(
    "web has options for ssh of its own (-p 2222)",
  );
  const blank = { ...web, sshOpts: ["-i", "/my keys/id"] };
  expect(() => commands(blank, "deploy", { tool: "direct" })).toThrow("splits options of ssh at blanks");
});

test("what asks for a password gets a terminal: deploy-rs that is told so, sudo of a host that said so", () => {
  const asking = (host: Partial<HostSnapshot>, tool: PreferredTool, change: Partial<PlanContext> = {}) => {
    const target = targetOf(hostOf({ ...web, ...host }), fleetOf([]));
    const [plan] = planDeployment("deploy", [target], tool, { ...context, ...change }).hosts;
    const step = plan?.steps.find(({ where }) => where === "here");
    return step?.where === "here" ? [step.asks ?? false, step.args.join(" ")] : undefined;
  };
  const profile = { name: "system", user: "root", sshUser: "ship" };
  expect(asking({ profiles: [profile] }, "deploy-rs")).toEqual([false, ".#web"]);
  expect(asking({ profiles: [{ ...profile, interactiveSudo: true }] }, "deploy-rs")).toEqual([true, ".#web"]);
  const ship = { sshUser: "ship", tools: ["nixos-rebuild"] };
  const sudoAsks = new Set(["web"]);
  expect(asking(ship, "nixos-rebuild")?.[0]).toBe(false);
  expect(asking(ship, "nixos-rebuild", { sudoAsks })).toEqual([
    true,
    "switch --flake .#web --target-host ship@10.0.0.1 --use-substitutes --no-reexec --sudo --ask-sudo-password",
  ]);
  expect(asking(ship, "nixos-rebuild", { sudoAsks, nixosRebuild: "bash" })).toEqual([
    true,
    "switch --flake .#web --target-host ship@10.0.0.1 --use-substitutes --fast --use-remote-sudo",
  ]);
});

test("nixos-rebuild-ng of 25.05 has --fast for what is --no-reexec later", () => {
  const host = { ...web, tools: ["nixos-rebuild"] };
  const flag = (options: readonly string[] | undefined) =>
    / (--fast|--no-reexec)/.exec(
      commands(host, "deploy", {
        context: { nixosRebuildOptions: options === undefined ? undefined : new Set(options) },
      }),
    )?.[1];
  expect(flag(undefined)).toBe("--no-reexec");
  expect(flag(["--sudo", "--no-reexec"])).toBe("--no-reexec");
  expect(flag(["--sudo", "--fast"])).toBe("--fast");
});

test("hosts watch the switch of tools that have no guard", () => {
  let profiles: HostSnapshot["profiles"] = [];
  const watch = (tool: PreferredTool, action: DeployAction, change: Partial<PlanContext> = {}) => {
    const tools = ["deploy-rs", "colmena", "nixos-rebuild"];
    const entryPoints = [{ path: "/w/flake.nix", kind: "flake", complete: true, why: [] }];
    const target = targetOf(hostOf({ ...web, tools, profiles }), { entryPoints });
    return planDeployment(action, [target], tool, { ...context, ...change }).hosts[0]?.watch?.guardSeconds;
  };
  expect(watch("colmena", "deploy")).toBe(60);
  expect(watch("nixos-rebuild", "deploy")).toBe(60);
  expect([watch("deploy-rs", "deploy"), watch("direct", "deploy"), watch("colmena", "boot")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(watch("colmena", "deploy", { guardSeconds: 0 })).toBeUndefined();
  profiles = [{ name: "system", user: "root", sshUser: "root", magicRollback: false }];
  expect(watch("deploy-rs", "deploy")).toBe(60);
});

test("direct: systems are sent by the older program where that is wished", () => {
  const context = { copyWith: "nix-copy-closure" } as const;
  expect(commands(web, "deploy", { tool: "direct", context }).split("\n")[2]).toBe(
    'NIX_SSHOPTS=OPTS nix-copy-closure --to --gzip --use-substitutes root@10.0.0.1 "$system"',
  );
});

test("a login that is not root uses sudo; one that only ssh knows finds out on the host", () => {
  expect(commands({ ...web, sshUser: "ops" }, "rollback", { tool: "direct" })).toMatchInlineSnapshot(`
    "# direct
    ssh OPTS -- ops@10.0.0.1 'sudo -n -- nix-env -p /nix/var/nix/profiles/system --rollback' &&
    ssh OPTS -- ops@10.0.0.1 'sudo -n -- /nix/var/nix/profiles/system/bin/switch-to-configuration switch'"
  `);
  expect(commands({ name: "web", sshUser: null }, "rollback", { tool: "direct" })).toContain("id -u");
});

test("deploy-rs: one node a run; a dry run never rolls others back", () => {
  const host = { ...web, tools: ["deploy-rs"], profiles: [{ name: "system", user: "root", sshUser: null }] };
  expect(commands(host, "deploy")).toMatchInlineSnapshot(`
    "# deploy-rs
    system=$(nix build '.#nixosConfigurations.web.config.system.build.toplevel' --no-link --json FEATURES | sed -n 's/.*"out":"\\([^"]*\\)".*/\\1/p')
    deploy '.#web'"
  `);
  expect(commands(host, "dry-activate")).toContain(
    "deploy '.#web' --dry-activate --rollback-succeeded false",
  );
  expect(commands(host, "boot")).toContain("deploy '.#web' --boot --rollback-succeeded false");
  expect(commands(host, "build")).toContain("nix build '.#deploy.nodes.web.profiles.system.path' --no-link");
  expect(commands(host, "rollback")).toContain("--rollback");
  const named = { ...host, name: "web.example.org", configuration: null };
  expect(commands(named, "deploy")).toBe("# deploy-rs\ndeploy '.#\"web.example.org\"'");
});

test("deploy-rs: the flake of several hosts is checked once, before any of them", () => {
  const entryPoints = [{ path: "/w/flake.nix", kind: "flake", complete: true, why: [] }];
  const plan = (names: readonly string[], tool: PreferredTool = "auto") => {
    const hosts = names.map(name => hostOf({ name, sshUser: "root", tools: ["deploy-rs"] }));
    return planDeployment(
      "deploy",
      hosts.map(host => targetOf(host, { entryPoints })),
      tool,
      context,
    );
  };
  const lines = (names: readonly string[], tool?: PreferredTool) =>
    planScript(plan(names, tool)).match(/^(?:# .*|nix flake.*|deploy .*)$/gm);
  const check = "nix flake check --extra-experimental-features 'nix-command flakes'";
  expect(lines(["web", "mail"])).toEqual([
    "# web, mail",
    check,
    "# web",
    "deploy '.#web' --skip-checks",
    "# mail",
    "deploy '.#mail' --skip-checks",
  ]);
  expect(lines(["web"])).toEqual(["# web", "deploy '.#web'"]);
  expect(lines(["web", "mail"], "direct")).toEqual(["# web", "# mail"]);
});

test("deploy-rs: an SSH configuration file comes with all options in one argument", () => {
  const text = commands({ ...web, tools: ["deploy-rs"] }, "deploy", {
    context: { sshConfigFile: "/etc/fleet", ownSshOptions: "-v" },
  });
  expect(text).toContain("--ssh-opts '-v -F /etc/fleet OPTS'");
});

test("colmena: the hive by its file, one host a run, told to speak", () => {
  const host = { ...web, tools: ["colmena"] };
  expect(commands(host, "deploy", { kind: "hive", context: { sshConfigFile: "/f" } })).toMatchInlineSnapshot(`
    "# colmena
    RUST_LOG=info SSH_CONFIG_FILE=/f colmena --config /w/hive.nix build --on web
    system=$(RUST_LOG=info SSH_CONFIG_FILE=/f colmena --config /w/hive.nix eval -E '{ nodes, ... }: nodes.web.config.system.build.toplevel.outPath' | tr -d '"')
    RUST_LOG=info SSH_CONFIG_FILE=/f colmena --config /w/hive.nix apply switch --on web"
  `);
  expect(commands(host, "boot")).toMatchInlineSnapshot(`
    "# colmena
    system=$(nix build '.#colmenaHive.nodes.web.config.system.build.toplevel' --no-link --json FEATURES | sed -n 's/.*"out":"\\([^"]*\\)".*/\\1/p')
    RUST_LOG=info colmena --config /w/flake.nix apply boot --on web"
  `);
  expect(commands(host, "build")).toContain("colmena --config /w/flake.nix build --on web");
});

test("a host that is told to build its own system is only evaluated here", () => {
  const on = (tool: string, buildsOnHost: readonly string[]) =>
    commands({ ...web, tools: [tool], buildsOnHost }, "deploy")
      .split("\n")[1]
      ?.split(" ")
      .slice(0, 2)
      .join(" ");
  expect(on("deploy-rs", ["deploy-rs"])).toBe("system=$(nix eval");
  expect(on("colmena", ["colmena"])).toBe("system=$(nix eval");
  expect(on("deploy-rs", ["colmena"])).toBe("system=$(nix build");
});

test("colmena 0.4 reads another output of a flake, so it is asked itself", () => {
  const host = { ...web, name: "web-1", tools: ["colmena"] };
  const old = { colmena: "0.4", buildOn: "target" } as const;
  expect(commands(host, "deploy", { context: old })).toMatchInlineSnapshot(`
    "# colmena
    system=$(RUST_LOG=info colmena --config /w/flake.nix eval -E '{ nodes, ... }: nodes.web-1.config.system.build.toplevel.outPath' | tr -d '"')
    RUST_LOG=info colmena --config /w/flake.nix apply switch --on web-1 --build-on-target"
  `);
  expect(commands(host, "deploy", { context: old })).not.toContain("colmenaHive");
  expect(
    ["colmena 0.4.0", "colmena 0.3.2\n", "colmena 0.5.0-pre", "colmena 0.10.1", "colmena 1.0.4", ""].map(
      colmenaVersion,
    ),
  ).toEqual(["0.4", "0.4", "newer", "newer", "newer", "newer"]);
});

test("nixos-rebuild: flags by generation", () => {
  const host = { ...web, tools: ["nixos-rebuild"], sshUser: "ops" };
  const ng = commands(host, "deploy");
  expect(ng).toContain(
    "nixos-rebuild switch --flake '.#web' --target-host ops@10.0.0.1 --use-substitutes --no-reexec --sudo",
  );
  const bash = commands(host, "dry-activate", { context: { nixosRebuild: "bash" } });
  expect(bash).toContain(
    "nixos-rebuild dry-activate --flake '.#web' --target-host ops@10.0.0.1 --use-substitutes --fast --use-remote-sudo",
  );
  const alone = (buildOn: PlanContext["buildOn"]) =>
    commands(host, "boot", { kind: "configuration", context: { buildOn } }).replaceAll(
      / NIX_SSHOPTS=.*? /g,
      " ",
    );
  expect(alone("here")).toContain(
    "system=$(nix-build '<nixpkgs/nixos>' -A config.system.build.toplevel -I nixos-config=/w/configuration.nix --no-out-link)",
  );
  expect(alone("here")).toContain("boot -I nixos-config=/w/configuration.nix --target-host");
  expect(alone("target")).toContain(
    "system=$(nix-instantiate --eval --strict --json '<nixpkgs/nixos>' -A config.system.build.toplevel.outPath -I nixos-config=/w/configuration.nix | tr -d '\"')",
  );
  expect(commands(host, "build")).toContain("nixos-rebuild build --flake '.#web'");
});

test("auto takes the first tool of the host that is installed, then plain Nix", () => {
  const host = { ...web, tools: ["colmena", "deploy-rs"] };
  const tool = (missing: PlanContext["missing"]) =>
    commands(host, "deploy", { context: { missing } }).split("\n")[0];
  expect(tool(new Set())).toBe("# colmena");
  expect(tool(new Set(["colmena"] as const))).toBe("# deploy-rs");
  expect(tool(new Set(["colmena", "deploy-rs"] as const))).toBe("# direct");
});

test.each<[string, () => unknown, RegExp]>([
  [
    "a missing tool that was asked for",
    () =>
      commands({ ...web, tools: ["colmena"] }, "deploy", {
        tool: "colmena",
        context: { missing: new Set(["colmena"] as const) },
      }),
    /colmena is needed/,
  ],
  [
    "no tool at all",
    () =>
      commands({ ...web, configuration: null }, "deploy", {
        context: { missing: new Set(["deploy-rs"] as const) },
      }),
    /deploy-rs is needed/,
  ],
  [
    "a tool that does not know the host",
    () => commands({ ...web, tools: ["deploy-rs"] }, "deploy", { tool: "colmena" }),
    /can't deploy web/,
  ],
  ["a Mac", () => commands({ ...web, tools: ["darwin-rebuild"] }, "deploy"), /nothing we can run/],
  [
    "a name like an option",
    () => commands({ ...web, name: "-oProxyCommand=x" }, "deploy", { tool: "direct" }),
    /begins with a dash/,
  ],
  [
    "an address like an option",
    () => commands({ ...web, hostname: "-oProxyCommand=x" }, "deploy", { tool: "direct" }),
    /not an address/,
  ],
  [
    "an address with a command",
    () => commands({ ...web, hostname: "a$(id)" }, "rollback", { tool: "direct" }),
    /not an address/,
  ],
  [
    "a user like an option",
    () => commands({ ...web, sshUser: "-l" }, "deploy", { tool: "direct" }),
    /not a user name/,
  ],
  [
    "a pattern for colmena",
    () => commands({ ...web, name: "web*", tools: ["colmena"] }, "deploy", { kind: "hive" }),
    /pattern/,
  ],
  [
    "a name that ends the quotes",
    () => commands({ ...web, name: 'a"b', tools: ["deploy-rs"], configuration: null }, "deploy"),
    /can't be written/,
  ],
  [
    "an interpolated name",
    () => commands({ ...web, name: `a$${"{x}"}`, tools: ["deploy-rs"], configuration: null }, "deploy"),
    /can't be written/,
  ],
  [
    "an address that reading can't know",
    () => commands({ ...web, hostname: null, unknown: ["hostname"] }, "deploy", { tool: "direct" }),
    /address of web/,
  ],
  [
    "a configuration file path with a blank",
    () => commands(web, "deploy", { tool: "direct", context: { sshConfigFile: "/a b" } }),
    /blank/,
  ],
])("%s is refused in words", (_name, run, message) => {
  expect(run).toThrow(UserError);
  expect(run).toThrow(message);
});

test("IPv6 addresses get their brackets in store URLs only", () => {
  const text = commands({ ...web, hostname: "fd00::1" }, "deploy", { tool: "direct" });
  expect(text).toContain("--to 'ssh://root@[fd00::1]'");
  expect(text).toContain("-- root@fd00::1 ");
});
