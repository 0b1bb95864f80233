// substituter-needs-newer-nix: a form of store URL that the Nix in use may be too old for.

import { spanInText } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import { parseStoreUrl, type StoreUrl } from "../formats/storeUrl";
import type { EditsByPath } from "../text/textEdit";
import { replaceInText } from "./entryFixes";
import { asEvaluated, bestSettingsOfHost } from "./evaluatedSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { bareAddress } from "./hostNaming";
import { observationsOf } from "./hostObservations";
import { setOption } from "./insertions";
import { type ListEntry, whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "substituter-needs-newer-nix",
  category: "caches",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A cache is written in a form that the Nix in use does not take",
    why: `A port in an \`ssh://\` or \`ssh-ng://\` URL works since Nix 2.31. Before that it is part of the host's name: \`ssh: Could not resolve hostname
host:2222\`, and every build of the host fails. Older versions find the port in the configuration of ssh:
\`programs.ssh.extraConfig = "Host stage.example.org\\n  Port 2222"\`.

Nothing is said of a host that reported a newer Nix, that chooses another by \`nix.package\`, or whose nixpkgs is newer than 25.05 or not a
release.`,
    bad: ['{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org:2222" ]; }'],
    good: ['{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org" ]; }'],
  },
};

const PORT_SINCE = [2, 31] as const;

export const substituterNeedsNewerNix: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host =>
      bestSettingsOfHost(host)
        .list("substituters")
        .entries.flatMap((entry): HostFinding[] => {
          const { url } = parseStoreUrl(entry.datum.text);
          if (url?.family !== "ssh" || url.port === undefined || !/^\d+$/.test(url.port.text)) return [];
          const version = nixOf(ctx, host);
          if (version === "newer") return [];
          const used = version === "unknown" ? "" : `, and this one runs ${version}`;
          return [
            {
              span: spanInText(entry.datum, url.port.start - 1, url.port.end),
              host,
              before: "",
              after: ` needs Nix 2.31 for a port in an SSH URL${whereClause(entry.conditions)}${asEvaluated(host, "substituters")}${used}: older ones take ":${url.port.text}" for part of the host's name, and every build fails`,
              fixes: portInConfig(ctx, host, entry, url),
            },
          ];
        }),
    );
    reportForHosts(found, report);
  },
};

/** The version that the host said, or what its nixpkgs tells about it. */
function nixOf(ctx: FleetContext, host: Host): string | "newer" | "unknown" {
  const said = observationsOf(ctx, host).findLast(each => each.nixVersion !== undefined)?.nixVersion;
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said ?? "") ?? [];
  if (said !== undefined && major !== undefined && minor !== undefined) {
    const isNew =
      Number(major) > PORT_SINCE[0] || (Number(major) === PORT_SINCE[0] && Number(minor) >= PORT_SINCE[1]);
    return isNew ? "newer" : said;
  }
  const chosen = chosenNix(ctx, host);
  if (chosen !== undefined) return chosen;
  const flake = host.definitions
    .map(({ entryPoint }) => entryPoint)
    .find(path => path.endsWith("/flake.nix"));
  if (flake === undefined) return "unknown";
  const releases = [...(ctx.textOf(flake) ?? "").matchAll(/\bnix(?:os|pkgs)-(\d\d\.\d\d)/g)].map(
    match => match[1] ?? "",
  );
  const oldest = releases.sort()[0];
  return oldest !== undefined && oldest <= "25.05" ? `the Nix of NixOS ${oldest}` : "newer";
}

/** What `nix.package` names, where it is another package than that of nixpkgs; what cannot be told counts as newer. */
function chosenNix(ctx: FleetContext, host: Host): string | undefined {
  const own = host.options.findLast(({ option }) => option.join(".") === "nix.package");
  if (own === undefined) return undefined;
  const { path, start, end } = own.value.span;
  const typed = ctx.textOf(path)?.slice(start, end) ?? "";
  if (/^(pkgs\.)?nix(Flakes)?$/.test(typed)) return undefined;
  const [, minor] = /\bnix_2_(\d+)\b/.exec(typed) ?? [];
  return minor === undefined || Number(minor) >= PORT_SINCE[1] ? "newer" : `Nix 2.${minor}`;
}

function portInConfig(ctx: FleetContext, host: Host, entry: ListEntry, url: StoreUrl): readonly Fix[] {
  const { host: name, port } = url;
  if (name === undefined || port === undefined) return [];
  const config = `Host ${bareAddress(name.text)}\\n  Port ${port.text}\\n`;
  const taken = host.options.some(({ option }) => option.join(".") === "programs.ssh.extraConfig");
  const set = taken ? undefined : setOption(ctx, host, ["programs", "ssh", "extraConfig"], `"${config}"`);
  const cut = replaceInText(ctx, entry.datum, { start: port.start - 1, end: port.end }, "");
  if (set === undefined || cut === undefined) return [];
  return [{ title: "Move the port into ssh's configuration", safety: "review", edits: together(cut, set) }];
}

function together(a: EditsByPath, b: EditsByPath): EditsByPath {
  const edits = new Map(a);
  for (const [path, more] of b) edits.set(path, [...(edits.get(path) ?? []), ...more]);
  return edits;
}
