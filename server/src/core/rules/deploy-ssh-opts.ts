// deploy-ssh-opts: arguments of ssh that break deploy-rs' connections, or open them to anybody.

import { type Datum, knownText, type TextDatum } from "../eval/datum";
import { deploySettings } from "./deployLevels";
import { replaceEntry } from "./entryFixes";
import { webFlake } from "./exampleFlakes";
import type { ListEntry } from "./listEntries";
import type { Fix, FleetContext, Report, Rule, RuleMeta } from "./rule";

function example(options: string) {
  return webFlake(`hostname = "web.example.org";
sshOpts = [ ${options} ];
profiles.system = {
  user = "root";
  path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
};`);
}

const meta: RuleMeta = {
  code: "deploy-ssh-opts",
  category: "deploy-rs",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An argument in `sshOpts` does not work with deploy-rs, or turns off host key checks",
    why: `deploy-rs opens two connections at once, so a terminal (\`-t\`, \`RequestTTY\`) for a sudo prompt makes magic rollback hang; use \`interactiveSudo = true\` or
a sudo rule without password. Each element is one argument for ssh, while \`nix copy\` gets all of them joined by blanks: an element with
a blank is one thing to the first and two to the second. Without host key checks whoever answers under that address gets the
system, with the secrets in it.`,
    bad: [example('"-t"'), example('"-p 2222"'), example('"-o" "StrictHostKeyChecking=no"')],
    good: [example('"-p" "2222" "-o" "StrictHostKeyChecking=accept-new"')],
  },
};

export const deploySshOpts: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { set } of deploySettings(ctx.fleet)) {
      const options = set.entries.get("sshOpts")?.value;
      if (options?.kind !== "list") continue;
      for (const item of options.items) check(ctx, options, item, report);
    }
  },
};

const UNCHECKED = /(StrictHostKeyChecking[= ]+(?:no|off)|UserKnownHostsFile[= ]+\/dev\/null)\b/i;

function check(ctx: FleetContext, list: Datum, item: Datum, report: Report): void {
  const text = knownText(item);
  if (text === undefined || item.kind !== "text") return;
  const unchecked = UNCHECKED.exec(text)?.[1];
  const span = item.span;
  if (/^-t+$|^(-o\s*)?RequestTTY[= ]+(yes|force)$/i.test(text.trim())) {
    report({
      span,
      message: `${text.trim()} asks for a terminal, with which magic rollback hangs: use interactiveSudo = true or a sudo rule without password`,
    });
  } else if (unchecked !== undefined) {
    report({
      span,
      message: `${unchecked} turns off the check of the host key: whoever answers at that address gets the system`,
    });
  } else if (/\s/.test(text.trim())) {
    report({
      span,
      message: `"${text}" has a blank inside: ssh gets it as one argument, nix copy as several; make each argument an element of its own`,
      fixes: split(ctx, list, item, text),
    });
  }
}

function split(ctx: FleetContext, list: Datum, item: TextDatum, text: string): readonly Fix[] {
  const words = /^(-[a-zA-Z])\s+(\S+)$/.exec(text.trim());
  if (words === null) return [];
  const entry: ListEntry = { datum: item, conditions: [], form: "item", holder: list.span };
  const parts = words.slice(1);
  const title = `Split into ${parts.map(part => `"${part}"`).join(" ")}`;
  return replaceEntry(ctx, entry, parts, { title, safety: "review" });
}
