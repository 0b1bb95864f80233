// deploy-system-mismatch: the library of another system than the host's.

import type { Host, ProfileActivation } from "../fleet/fleet";
import { partOfCall, sourceAt } from "./activationSource";
import { deployNodes, hostsActivatedAt } from "./deployLevels";
import { editsAt } from "./entryFixes";
import { deployFlake } from "./exampleFlakes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

function example(system: string) {
  return deployFlake(`nixosConfigurations.pi = nixpkgs.lib.nixosSystem {
  system = "aarch64-linux";
  modules = [ ];
};
deploy.nodes.pi = {
  hostname = "pi.example.org";
  profiles.system = {
    user = "root";
    path = deploy-rs.lib.${system}.activate.nixos self.nixosConfigurations.pi;
  };
};`);
}

const meta: RuleMeta = {
  code: "deploy-system-mismatch",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "`deploy-rs.lib.SYSTEM` is not the system of the host",
    why: `The library of a system puts \`activate-rs\` of that system into the closure, and that program runs on the host: there it fails with
\`Exec format error\` after everything was built and copied. SYSTEM is the system of the host, not of the machine that deploys.`,
    bad: [example("x86_64-linux")],
    good: [example("aarch64-linux")],
  },
};

export const deploySystemMismatch: Rule = {
  meta,
  checkFleet(ctx, report) {
    const nodes = deployNodes(ctx.fleet);
    const found: HostFinding[] = [];
    for (const { host } of nodes) {
      for (const { activation } of host.profiles) {
        const system = host.configuration === undefined ? undefined : host.system;
        if (activation?.system === undefined || system?.known !== true) continue;
        if (runsOn(activation.system, system.value)) continue;
        found.push({
          span: partOfCall(ctx, activation.span, /\blib\.("?[\w-]+"?|\$\{[^{}]*\})(?=\.)/),
          host,
          before: `deploy-rs.lib.${activation.system} makes an activation program for ${activation.system}, but `,
          after: ` is ${system.value}: activation fails there with "Exec format error"`,
          fixes: fixesOf(ctx, activation, system.value, hostsActivatedAt(nodes, activation.span)),
        });
      }
    }
    reportForHosts(found, report);
  },
};

/** Whether programs of one system run on another without emulation that somebody has to set up. */
function runsOn(program: string, host: string): boolean {
  if (program === host) return true;
  return (
    (program === "i686-linux" && host === "x86_64-linux") ||
    (program === "x86_64-darwin" && host === "aarch64-darwin")
  );
}

/** Only where all hosts whose path stands there have that system. */
function fixesOf(
  ctx: FleetContext,
  { span, system = "" }: ProfileActivation,
  wanted: string,
  sharing: readonly Host[],
): readonly Fix[] {
  if (sharing.some(host => host.system?.known !== true || host.system.value !== wanted)) return [];
  const typed = new RegExp(`\\blib\\.("?)${system}\\1(?=\\.)`).exec(sourceAt(ctx, span) ?? "");
  if (typed === null) return [];
  const start = span.start + typed.index;
  const edits = editsAt({ ...span, start, end: start + typed[0].length }, `lib.${wanted}`);
  return [{ title: `Use deploy-rs.lib.${wanted}`, safety: "safe", edits }];
}
