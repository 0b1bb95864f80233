// workspace/didChangeConfiguration: new settings, either sent along or asked of the client by the caller.

import { RULES } from "../../core/rules/index";
import { parseConfig } from "../config";
import type { Session } from "../session";

const RULE_CODES: ReadonlySet<string> = new Set(RULES.map(rule => rule.meta.code));

/** `section` is the client's section `nixDeploy`. Bad fields are logged and keep their defaults. */
export function didChangeConfiguration(session: Session, section: unknown): void {
  const [config, problems] = parseConfig(section, RULE_CODES);
  for (const { setting, message } of problems) session.client.error("bad setting", { setting, message });
  session.configure(config);
}
