// deploy-push-untrusted: deploy-rs logs in as somebody from whom the host takes no unsigned paths.

import { knownText } from "../eval/datum";
import type { Profile } from "../fleet/fleet";
import { findCacheByKeyName } from "../knowledge/wellKnownCaches";
import { addToSet, replaceTyped } from "./attributeFixes";
import { type DeployNode, deployNodes, settingAtLevels } from "./deployLevels";
import { type EffectiveList, type EffectiveSettings, settingsOfHost } from "./effectiveSettings";
import { deployFlake } from "./exampleFlakes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { setOption } from "./insertions";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { addToSetting } from "./settingInsertions";
import { isUserName } from "./userNames";

function example(modules: string) {
  return deployFlake(`nixosConfigurations.web = nixpkgs.lib.nixosSystem {
  system = "x86_64-linux";
  modules = [${modules}];
};
deploy.nodes.web = {
  hostname = "web.example.org";
  sshUser = "deploy";
  profiles.system = {
    user = "root";
    path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
  };
};`);
}

const meta: RuleMeta = {
  code: "deploy-push-untrusted",
  category: "deploy-rs",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A login of deploy-rs is a user from whom the host takes no paths that were built here",
    why: `The store of the host takes unsigned paths from root and from \`trusted-users\` only. Everybody else gets \`cannot add path … because it
lacks a signature by a trusted key\` while copying, whatever deploy-rs is told about signatures.

In order of safety: build on the host (\`remoteBuild = true\`), or sign what you build (\`LOCAL_KEY\`) with a key in the host's
\`trusted-public-keys\`; put the user into \`nix.settings.trusted-users\`, which makes him as good as root there; or log in as root. The
host has to have the change before the next deploy, so make it once as root.`,
    bad: [example(" ")],
    good: [example(' { nix.settings.trusted-users = [ "deploy" ]; } ')],
  },
};

export const deployPushUntrusted: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found: HostFinding[] = [];
    for (const node of deployNodes(ctx.fleet)) {
      const settings = settingsOfHost(node.host);
      if (!refusesStrangers(settings)) continue;
      for (const profile of node.host.profiles) {
        const user = profile.sshUser?.known === true ? profile.sshUser : undefined;
        // what no user is called is deploy-hostname-option's
        if (user === undefined || user.value === "root" || !isUserName(user.value)) continue;
        const builds = buildsElsewhere(ctx, node, profile);
        if (builds !== false || !isStranger(settings, user.value)) continue;
        found.push({
          span: user.span ?? profile.span,
          host: node.host,
          before: `"${user.value}" is not among the trusted-users of `,
          after: `, and it trusts no key that signs what is built here: copying ends with "lacks a signature by a trusted key"`,
          fixes: fixesOf(ctx, node, user.value, user.span),
        });
      }
    }
    reportForHosts(found, report);
  },
};

/** Certainly checks signatures, and trusts only keys of public caches. */
function refusesStrangers(settings: EffectiveSettings): boolean {
  if (settings.boolean("require-sigs", true) !== true) return false;
  const keys = textsOf(settings.list("trusted-public-keys"));
  return (
    keys?.every(key => findCacheByKeyName(key.slice(0, Math.max(0, key.indexOf(":")))) !== undefined) === true
  );
}

/** Certainly not trusted. Groups may hold the user. */
function isStranger(settings: EffectiveSettings, user: string): boolean {
  const users = textsOf(settings.list("trusted-users"));
  return users?.every(each => each !== user && each !== "*" && !each.startsWith("@")) === true;
}

/** The texts of a list of which all is known. */
function textsOf({ entries, complete }: EffectiveList): readonly string[] | undefined {
  const texts = entries.map(({ datum }) => knownText(datum));
  if (!complete || !texts.every(text => text !== undefined)) return undefined;
  return texts.flatMap(text => text.split(/\s+/));
}

function buildsElsewhere(ctx: FleetContext, node: DeployNode, profile: Profile): boolean | undefined {
  for (const attr of settingAtLevels(ctx.fleet, node, profile, "remoteBuild")) {
    if (attr === "unknown") return undefined;
    if (attr.value.kind !== "scalar") return undefined;
    if (typeof attr.value.value === "boolean") return attr.value.value;
  }
  return false;
}

function fixesOf(
  ctx: FleetContext,
  { host, set }: DeployNode,
  user: string,
  span: HostFinding["span"] | undefined,
): readonly Fix[] {
  const built = set === undefined ? undefined : addToSet(ctx, set, "remoteBuild", "true");
  const { facts } = settingsOfHost(host);
  const trusted = facts.some(({ name }) => name === "trusted-users")
    ? addToSetting(ctx, facts, "trusted-users", user, undefined)
    : setOption(ctx, host, ["nix", "settings", "trusted-users"], `[ "root" "${user}" ]`);
  const root = span === undefined ? undefined : replaceTyped(ctx, span, `"${user}"`, '"root"');
  const choices = [
    ["Build on the host (remoteBuild = true)", built],
    [`Trust ${user} on the host, as good as root`, trusted],
    ["Log in as root", root],
  ] as const;
  return choices.flatMap(([title, edits]): Fix[] =>
    edits === undefined ? [] : [{ title, safety: "review", edits }],
  );
}
