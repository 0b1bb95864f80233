// deploy-not-activatable: a profile's path that is no call of deploy-rs' library.

import type { ActivationArgument, ProfileActivation } from "../fleet/fleet";
import type { Span } from "../text/span";
import { asArgument, deployLibrary, sourceAt, wholeConfiguration } from "./activationSource";
import { type DeployNode, deployNodes, hostsActivatedAt } from "./deployLevels";
import { editsAt } from "./entryFixes";
import { nodeFlake } from "./exampleFlakes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-not-activatable",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A profile's `path` is not wrapped by `activate.nixos` or the like",
    why: `The closure has to hold \`deploy-rs-activate\` and \`activate-rs\`, which \`deploy-rs.lib.SYSTEM.activate.*\` puts in. Without them deploy-rs
builds everything and then stops with \`Activation script deploy-rs-activate does not exist in profile. Did you forget to use
deploy-rs#lib.<...>.activate.<...> on your profile path?\`; a whole configuration does not even become JSON.`,
    bad: [nodeFlake("", { path: "self.nixosConfigurations.web.config.system.build.toplevel" })],
    good: [nodeFlake("")],
  },
};

export const deployNotActivatable: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found: HostFinding[] = [];
    const nodes = deployNodes(ctx.fleet);
    for (const { host } of nodes) {
      for (const { name, activation } of host.profiles) {
        const what = activation?.kind === "bare" ? WORDS[activation.argument.kind] : undefined;
        if (activation === undefined || what === undefined) continue;
        found.push({
          span: activation.span,
          host,
          before: `the path of profile "${name}" of `,
          after: ` is ${what}, not a call of deploy-rs.lib.SYSTEM.activate.*: "Activation script deploy-rs-activate does not exist"`,
          fixes: wrapped(ctx, systemsAt(nodes, activation.span), activation),
        });
      }
    }
    reportForHosts(found, report);
  },
};

const WORDS: Partial<Record<ActivationArgument["kind"], string>> = {
  nixos: "a whole NixOS configuration",
  darwin: "a whole nix-darwin configuration",
  "home-manager": "a whole home-manager configuration",
  config: "only the config of a configuration",
  toplevel: "a bare system",
  activationPackage: "a bare home-manager generation",
  text: "a bare store path",
};

/** The systems of the hosts whose path stands there; undefined where one is not known. */
function systemsAt(nodes: readonly DeployNode[], span: Span): readonly string[] | undefined {
  const systems = hostsActivatedAt(nodes, span).map(({ system }) =>
    system?.known === true ? system.value : undefined,
  );
  const known = systems.filter(system => system !== undefined);
  return known.length === systems.length ? [...new Set(known)] : undefined;
}

function wrapped(
  ctx: FleetContext,
  systems: readonly string[] | undefined,
  { span, argument }: ProfileActivation,
): readonly Fix[] {
  const source = sourceAt(ctx, span);
  const library = deployLibrary(ctx, span.path);
  const [system, other] = systems ?? [];
  if (source === undefined || library === undefined || system === undefined) return [];
  const isHome = argument.kind === "activationPackage";
  const isPart = argument.kind === "toplevel" || argument.kind === "config" || isHome;
  const configuration = isPart ? wholeConfiguration(source) : source;
  if (isPart && !isHome && systems?.some(each => systemKind(each) !== systemKind(system))) return [];
  if (argument.kind === "text" || (isPart && configuration === source)) return [];
  const kind = isHome ? "home-manager" : isPart ? systemKind(system) : argument.kind;
  const configured = asArgument(configuration);
  const written = other === undefined ? system : `\${${configured}.pkgs.stdenv.hostPlatform.system}`;
  const call = `${library}.${written}.activate.${kind} ${configured}`;
  return [{ title: `Wrap it by activate.${kind}`, safety: "review", edits: editsAt(span, call) }];
}

function systemKind(system: string): "nixos" | "darwin" {
  return system.endsWith("-darwin") ? "darwin" : "nixos";
}
