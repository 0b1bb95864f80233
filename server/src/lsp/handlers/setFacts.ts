// nixDeploy/setFacts: what real Nix or the hosts said. Kept until the next one replaces it.

import * as v from "valibot";
import type { Session } from "../session";

const hostFacts = v.object({
  host: v.string(),
  tier: v.picklist(["evaluated", "observed"]),
  settings: v.optional(v.record(v.string(), v.union([v.string(), v.array(v.string())]))),
  nixVersion: v.optional(v.string()),
  hostPublicKey: v.optional(v.string()),
  rootPublicKey: v.optional(v.string()),
  files: v.optional(v.record(v.string(), v.boolean())),
  state: v.optional(v.object({ text: v.string(), detail: v.string() })),
});
const schema = v.object({ hosts: v.array(hostFacts) });

export function setFacts(session: Session, params: unknown): void {
  const parsed = v.safeParse(schema, params);
  if (parsed.success) session.setFacts(parsed.output.hosts);
  else session.client.error("bad facts", { message: parsed.issues[0].message });
}
