// ssh-cache-host-key-unpinned: root of the client cannot know whether it talks to the right machine, so ssh asks or fails.

import { type AttrsDatum, branchesOf, type Datum, spanInText } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import { parameterOf } from "../formats/storeUrl";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { sshNameOn } from "./hostNaming";
import { hostKeyOf } from "./hostObservations";
import { setOption } from "./insertions";
import { whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { type SshCache, sshCachesOf } from "./sshCaches";

const meta: RuleMeta = {
  code: "ssh-cache-host-key-unpinned",
  category: "ssh",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "Nothing tells a host the key of the cache that it asks over SSH",
    why: `The daemon, so root, logs in to a cache over SSH, and nobody is there to answer ssh's question about an unknown host: \`Host key verification
failed.\`, and every build fails. Where root runs Nix at a terminal the build hangs at \`Are you sure you want to continue connecting\`. Answering
it once by hand works until the host is installed anew.

\`programs.ssh.knownHosts\` tells all users of the host, root too. \`?base64-ssh-public-host-key=\` in the URL does it for that cache.`,
    bad: ['{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org" ]; }'],
    good: [
      `{
  nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org" ];
  programs.ssh.knownHosts."stage.example.org".publicKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55";
}`,
    ],
  },
};

export const sshCacheHostKeyUnpinned: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = sshCachesOf(ctx.fleet).flatMap((cache): HostFinding[] => {
      const { client, entry, url, address } = cache;
      if (url.parameters.some(({ name }) => name.text === "base64-ssh-public-host-key")) return [];
      if (parameterOf(url, "ssh-key")?.includes("\uFFFC") === true) return [];
      if (mayBePinned(ctx, client, knownHostName(sshNameOn(client, address), url.port?.text))) return [];
      return [
        {
          span: spanInText(entry.datum, 0, entry.datum.text.length),
          host: client,
          before: "nothing in programs.ssh.knownHosts tells ",
          after: ` the host key of ${address}${whereClause(entry.conditions)}: "Host key verification failed" ends every build, or ssh waits for an answer`,
          fixes: pin(ctx, cache),
        },
      ];
    });
    reportForHosts(found, report);
  },
};

function knownHostName(address: string, port: string | undefined): string {
  return port === undefined || port === "22" ? address : `[${address}]:${port}`;
}

/** Whether a host key is given for that name, or something is there that is not understood. */
function mayBePinned(ctx: FleetContext, client: Host, name: string): boolean {
  if (client.effective.size === 0 || client.why.length > 0 || configuresSsh(ctx, client)) return true;
  const known = client.effective.get("programs.ssh.knownHosts");
  if (known === undefined) return true;
  return branchesOf(known).some(({ value }) => {
    if (value.kind !== "attrs" || !value.complete) return true;
    return [...value.entries].some(([attribute, entry]) => mayName(attribute, entry.value, name));
  });
}

/** Other ways to settle it: more files, options of ssh. */
function configuresSsh(ctx: FleetContext, client: Host): boolean {
  const given = client.options.some(({ option, value }) => {
    if (option[0] !== "programs" || option[1] !== "ssh") return false;
    if (option[2] === "knownHostsFiles") return true;
    if (option[2] !== "extraConfig") return false;
    return value.kind !== "text" || /StrictHostKeyChecking|KnownHosts|HostKeyAlias|\uFFFC/i.test(value.text);
  });
  const paths = new Set(client.options.map(fact => fact.nameSpan.path));
  return given || [...paths].some(path => /known_hosts|openssh\.knownHosts/.test(ctx.textOf(path) ?? ""));
}

function mayName(attribute: string, value: Datum, name: string): boolean {
  return branchesOf(value).some(({ value: host }) => {
    if (host.kind !== "attrs") return true;
    const names = textsOf(host, "hostNames");
    if (names !== undefined && names !== "unset") return names.some(pattern => covers(pattern, name));
    const more = textsOf(host, "extraHostNames");
    if (names === undefined || more === undefined) return true;
    return [attribute, ...(more === "unset" ? [] : more)].some(pattern => covers(pattern, name));
  });
}

/** The texts of a list; "unset" where NixOS' default stands; undefined where it is not known. */
function textsOf(host: AttrsDatum, option: string): readonly string[] | "unset" | undefined {
  const value = host.entries.get(option)?.value;
  if (value === undefined || (value.kind === "unknown" && value.reason === "what NixOS sets itself"))
    return "unset";
  if (value.kind !== "list" || !value.complete) return undefined;
  const texts = value.items.flatMap(item => (item.kind === "text" ? [item.text] : []));
  const known = texts.length === value.items.length && !texts.some(text => text.includes("\uFFFC"));
  return known ? texts : undefined;
}

/** Whether a name of a known_hosts line, with its `*` and `?`, is or covers a name. */
function covers(pattern: string, name: string): boolean {
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`).test(name.toLowerCase());
}

function pin(ctx: FleetContext, { client, server, address, url }: SshCache): readonly Fix[] {
  const name = knownHostName(sshNameOn(client, address), url.port?.text);
  const key = server === undefined ? undefined : hostKeyOf(ctx, server);
  const option = ["programs", "ssh", "knownHosts", `"${name}"`, "publicKey"];
  const edits = setOption(ctx, client, option, `"${key ?? ""}"`);
  if (edits === undefined) return [];
  const title = key === undefined ? `, to be filled in from ssh-keyscan ${address}` : "";
  return [{ title: `Add ${address} to programs.ssh.knownHosts${title}`, safety: "review", edits }];
}
