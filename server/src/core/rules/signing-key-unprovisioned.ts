// signing-key-unprovisioned: nothing seems to put the signing key where Nix looks for it.

import { knownText, spanInText, type TextDatum } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import { settingsOfHost } from "./effectiveSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { observationsOf } from "./hostObservations";
import { whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { filesOfHost } from "./sshCaches";

const meta: RuleMeta = {
  code: "signing-key-unprovisioned",
  category: "ssh",
  severity: "information",
  since: "0.1.0",
  fix: "always",
  docs: {
    summary: "Nothing provides the file that `secret-key-files` names",
    why: `While the file is missing every build on the host fails after the work is done: \`error: opening file '…': No such file or directory\`, and
so does \`nixos-rebuild\` there. Substitution still works. Make the key before the first deploy, on the host and as root:
\`nix-store --generate-binary-cache-key NAME FILE FILE.pub\`, or let a secrets tool put it there.

Once the host was asked and has the file, nothing is said.`,
    bad: ['{ nix.settings.secret-key-files = [ "/etc/nix/cache-1.secret" ]; }'],
    good: [
      {
        "configuration.nix":
          '{ nix.settings.secret-key-files = [ "/etc/nix/cache-1.secret" ]; networking.hostName = "stage"; }',
        "observed.json":
          '[{ "host": "stage", "tier": "observed", "files": { "/etc/nix/cache-1.secret": true } }]',
      },
      '{ nix.settings.secret-key-files = [ "/run/secrets/cache-key" ]; }',
    ],
  },
};

const GENERATE: Fix = {
  title: "Generate a cache key…",
  safety: "review",
  edits: new Map(),
  command: { id: "nixDeploy.generateCacheKey" },
};

export const signingKeyUnprovisioned: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host =>
      settingsOfHost(host)
        .list("secret-key-files")
        .entries.flatMap(({ datum, conditions }): HostFinding[] => {
          const path = knownText(datum);
          if (path?.startsWith("/") !== true || path.startsWith("/nix/store/")) return [];
          const there = isThere(ctx, host, path);
          if (there === true || (there === undefined && mayBeProvided(ctx, host, datum, path))) return [];
          const what = there === false ? "is not there" : "nothing in this configuration provides";
          return [
            {
              span: spanInText(datum, 0, datum.text.length),
              host,
              before: "",
              after: ` signs with ${path}${whereClause(conditions)}, which ${what}: until the file is made there, every build on it fails at its end`,
              fixes: [GENERATE],
            },
          ];
        }),
    );
    reportForHosts(found, report);
  },
};

function isThere(ctx: FleetContext, host: Host, path: string): boolean | undefined {
  return observationsOf(ctx, host).findLast(each => each.files?.[path] !== undefined)?.files?.[path];
}

/** Where secrets tools put what they decrypt. */
const PROVIDED = /^\/(run|var\/run)\/|\/(agenix|sops|secrets?|credentials)(\/|$)/i;

/** The name that the text is bound to, where it stands right behind one: `signingKey = "/etc/nix/a-1.secret"`. */
const BOUND = /([A-Za-z_][\w'-]*)\s*=\s*"?$/;

/** Whether the file is named a second time, by its path or by a variable, or lies where tools put secrets. */
function mayBeProvided(ctx: FleetContext, host: Host, datum: TextDatum, path: string): boolean {
  if (PROVIDED.test(path) || host.why.length > 0) return true;
  const paths = new Set([
    datum.span.path,
    ...filesOfHost(host),
    ...host.definitions.map(definition => definition.entryPoint),
  ]);
  const texts = [...paths].map(file => ctx.textOf(file) ?? "");
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const named = new RegExp(`(?<![\\w-])${name}(?![\\w-])`, "g");
  if (texts.reduce((sum, text) => sum + [...text.matchAll(named)].length, 0) > 1) return true;
  const { start } = spanInText(datum, 0, datum.text.length);
  const variable = BOUND.exec((ctx.textOf(datum.span.path) ?? "").slice(0, start))?.[1];
  // once where it gets its value, once in the setting
  return variable !== undefined && variable !== "secret-key-files" && usesOf(variable, texts) > 2;
}

function usesOf(variable: string, texts: readonly string[]): number {
  return texts.flatMap(text => text.match(/[A-Za-z_][\w'-]*/g) ?? []).filter(word => word === variable)
    .length;
}
