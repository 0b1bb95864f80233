// deploy-hostname-option: a hostname or user that ssh takes for an option, or that no host or user has.

import { type Datum, knownText } from "../eval/datum";
import { deploySettings } from "./deployLevels";
import { profileText, webFlake } from "./exampleFlakes";
import type { Rule, RuleMeta } from "./rule";
import { isUserName } from "./userNames";

function example(hostname: string) {
  return webFlake(`hostname = "${hostname}";\n${profileText()}`);
}

const meta: RuleMeta = {
  code: "deploy-hostname-option",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A `hostname` or user of deploy-rs cannot be a host's or user's name",
    why: `deploy-rs hands \`USER@HOSTNAME\` to ssh as it is. A name that begins with \`-\` is taken for an option of ssh or sudo, which can run commands
here; blanks, slashes or a second \`@\` never reach a host. The login goes into \`sshUser\`, a port into \`sshOpts\` (\`"-p" "2222"\`).`,
    bad: [example("ssh://web.example.org"), example("-oProxyCommand=id")],
    good: [example("web.example.org")],
  },
};

export const deployHostnameOption: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { level, set } of deploySettings(ctx.fleet)) {
      if (level === "node") check("hostname", set.entries.get("hostname")?.value);
      check("sshUser", set.entries.get("sshUser")?.value);
      check("user", set.entries.get("user")?.value);
    }

    function check(name: "hostname" | "sshUser" | "user", datum: Datum | undefined): void {
      const text = datum === undefined ? undefined : knownText(datum);
      const why = text === undefined ? undefined : whyNot(name, text);
      if (datum === undefined || why === undefined) return;
      report({ span: datum.span, message: `${name} "${shortened(text ?? "")}" ${why}` });
    }
  },
};

function whyNot(name: "hostname" | "sshUser" | "user", text: string): string | undefined {
  if (text.startsWith("-")) return `begins with "-", so ssh takes it for an option`;
  if (text === "") return "is empty: deploy-rs connects to nothing";
  if (name !== "hostname") return isUserName(text) ? undefined : "is no name that a user can have";
  if (/^[^@\s]+@[^@\s]+$/.test(text)) return "holds a login: deploy-rs puts sshUser before it; set sshUser";
  if (/^[A-Za-z0-9._%:[\]-]+$/.test(text)) {
    const port = /^[^:[\]]+:(\d+)$/.exec(text)?.[1];
    return port === undefined
      ? undefined
      : `holds a port: ssh looks for a host of that name; set sshOpts = [ "-p" "${port}" ]`;
  }
  return "has characters that no host name has, so ssh cannot reach it";
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
