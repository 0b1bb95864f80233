import { expect, test } from "vitest";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { parseConfig } from "../config";
import { planPreview } from "./planPreview";

test("a plan is a script for reading, or the reason why there is none", () => {
  const config = parseConfig(key => (key === "deploy.tool" ? "direct" : undefined));
  const web = hostOf({ name: "web", hostname: "10.0.0.1", sshUser: "root" });
  const mail = hostOf({ name: "mail", unknown: ["hostname"] });
  const fleet = fleetOf([web, mail]);
  const text = planPreview(fleet, config, { action: "deploy", hosts: ["web"] });
  expect(text).toContain("# Wave 1: web");
  expect(text).toContain("nix copy --to ssh://root@10.0.0.1");
  expect(text).toContain("# Nothing was run.");
  expect(planPreview(fleet, config, { action: "deploy", hosts: ["nope"] })).toBe("There is no host nope.");
  expect(planPreview(fleet, config, { action: "deploy", hosts: ["mail"] })).toMatch(/address of mail/);
});
