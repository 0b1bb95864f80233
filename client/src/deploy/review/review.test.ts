import { expect, test } from "vitest";
import type { HostSnapshot } from "../../../../server/src/protocol";
import { hostOf } from "../../../../test/harness/snapshots";
import { type DeployPlan, type HostPlan, planDeployment } from "../plan";
import { approvalOf, voidReasons } from "./approval";
import { headline } from "./headline";
import type { HostReview } from "./hostReview";
import { parsePathInfo } from "./newSystem";
import { reviewDocument } from "./reviewText";
import { reviewSummary } from "./summaryText";
import { compareUnits, parseDryActivate } from "./units";

const HASH = "0c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd";
const system = (name: string) => `/nix/store/${HASH}-nixos-system-${name}`;

function planOf(names: readonly string[], fields: Partial<HostSnapshot> = {}): DeployPlan {
  const targets = names.map(name => ({
    host: hostOf({ name, hostname: `${name}.test`, sshUser: "root", ...fields }),
    project: "flake" as const,
    entryPoint: "/w/flake.nix",
  }));
  const tools = {
    nix: "nix",
    deploy: "deploy",
    colmena: "colmena",
    nixosRebuild: "nixos-rebuild",
    cachix: "cachix",
  };
  return planDeployment(
    "deploy",
    targets,
    "direct",
    {
      tools: { ...tools, attic: "attic" } as never,
      sshConfigFile: undefined,
      ownSshOptions: undefined,
      nixosRebuild: "ng",
      colmena: "newer",
      guardSeconds: 60,
      buildOn: "here",
      deployRsOptions: undefined,
      cachixCache: undefined,
      missing: new Set(),
      nixosRebuildOptions: undefined,
      sudoAsks: new Set(),
      copyWith: "nix copy",
    },
    { canaries: 1, batchSize: 0 },
  );
}

function reviewOf(plan: DeployPlan, index: number, fields: Partial<HostReview> = {}): HostReview {
  const hostPlan = plan.hosts[index];
  if (hostPlan === undefined) throw new Error("no such host");
  return {
    plan: hostPlan,
    before: system("web-24.05.1"),
    after: system("web-24.11.2"),
    fromCommit: "a".repeat(40),
    tree: { commit: "b".repeat(40), dirty: true },
    packages: [
      { name: "nginx", before: ["1.26"], after: ["1.27"], bytes: 2048 },
      { name: "curl", before: [], after: ["8.0"], bytes: 1024 },
    ],
    transfer: { paths: 3, bytes: 5 * 1024 * 1024, free: 1 << 30, fetched: [] },
    units: { by: "foretold", stop: [], start: [], restart: ["nginx.service"], reload: [], leave: [] },
    reboot: true,
    gaps: [],
    ...fields,
  };
}

const WELL: Partial<HostReview> = {
  tree: { commit: "b".repeat(40), dirty: false },
  units: undefined,
  reboot: false,
};

test("the question is short: what changes, what it costs, which steps, which order", () => {
  const plan = planOf(["stage", "web"]);
  const text = reviewSummary(plan, [
    reviewOf(plan, 0),
    reviewOf(plan, 1, {
      before: undefined,
      packages: undefined,
      transfer: undefined,
      units: undefined,
      reboot: undefined,
      gaps: ["it is off"],
    }),
  ]);
  expect(text).toMatchInlineSnapshot(`
    "stage, web: a new system, at once. Look at this first: stage needs a reboot to use all of it; web has no known system to go back to; web could not be asked everything; the work tree has changes in no commit.

    stage: 24.05.1 → 24.11.2
        2 packages change (+3.0 KB), copies 3 paths (5.0 MB), restarts nginx.service, needs a reboot for its new kernel or initrd
        3 steps with Nix and SSH: build, copy, activate

    web: no known system → 24.11.2
        3 steps with Nix and SSH: build, copy, activate
        Not known: it is off

    Order: stage, then web

    The review beside this question has everything, with the exact commands."
  `);
});

test("a transfer that does not fit says so", () => {
  const plan = planOf(["web"]);
  const review = reviewOf(plan, 0, {
    transfer: { paths: 1, bytes: 4096, free: 1024, fetched: [] },
  });
  expect(reviewSummary(plan, [review])).toContain(
    "copies 1 path (4.0 KB): more than the 1.0 KB that are free",
  );
});

test("the first words: what changes, where, and what speaks against it", () => {
  const plan = planOf(["stage", "web"]);
  const first = (fields: Partial<HostReview>, other: Partial<HostReview> = {}) =>
    headline([reviewOf(plan, 0, { ...WELL, ...fields }), reviewOf(plan, 1, { ...WELL, ...other })]);
  expect(first({})).toBe(
    "stage, web: a new system, at once. Nothing speaks against it, and a switch that cuts the connection is taken back.",
  );
  expect(first({ before: system("web-24.11.2") })).toBe(
    "web: a new system, at once. stage: nothing new, it runs there already. Nothing speaks against it, and a switch that cuts the connection is taken back.",
  );
  expect(
    first(
      { transfer: { paths: 1, bytes: 4096, free: 1024, fetched: [] }, reboot: true },
      { before: undefined, gaps: ["it is off"], tree: { commit: "b", dirty: true } },
    ),
  ).toBe(
    "stage, web: a new system, at once. Look at this first: stage has too little room; stage needs a reboot to use all of it; web has no known system to go back to; web could not be asked everything; the work tree has changes in no commit.",
  );
  const restart = ["nginx.service", "sshd.service"];
  expect(first({ units: { by: "foretold", stop: [], start: [], restart, reload: [], leave: [] } })).toContain(
    "Look at this first: stage restarts sshd.service.",
  );
});

test("deploy-rs is not trusted to go back to what it did not make, nor where it is told not to", () => {
  const plan = planOf(["web"]);
  const review = reviewOf(plan, 0, WELL);
  const first = (byDeployRs: boolean, fields: Partial<HostPlan> = {}) =>
    headline([
      {
        ...review,
        plan: { ...review.plan, tool: "deploy-rs", guardedByTool: true, steps: [], ...fields },
        byDeployRs,
      },
    ]);
  expect(first(true)).toContain("a switch that cuts the connection is taken back");
  expect(first(false)).toContain("web can't be taken back by deploy-rs this time");
  const off = { guardedByTool: false };
  expect(first(true, off)).toContain("web does not go back by itself");
  const watch = { where: "activation" } as NonNullable<HostPlan["watch"]>;
  expect(first(false, { ...off, watch })).toContain("is taken back");
});

test("a review says where each part of what is copied comes from", () => {
  const plan = planOf(["web"]);
  const transfer = {
    paths: 5,
    bytes: 6000,
    free: undefined,
    fetched: [{ cache: "https://cache.nixos.org", paths: 3, bytes: 2000 }],
  };
  const review = reviewOf(plan, 0, { transfer });
  expect(reviewSummary(plan, [review])).toContain("copies 5 paths (5.9 KB), 3 of them from its own caches");
  expect(reviewDocument(plan, [review]).text).toContain(
    "- Copied: 5 paths, 5.9 KB\n  - https://cache.nixos.org: 3 paths, 2.0 KB\n  - sent from where it is built: 2 paths, 3.9 KB\n",
  );
});

test("the document has the differences and the exact commands", () => {
  const plan = planOf(["web"]);
  const { name, text } = reviewDocument(plan, [reviewOf(plan, 0)]);
  expect(name).toBe("Review web.md");
  expect(text).toContain("- Commit: aaaaaaaaaaaa → bbbbbbbbbbbb with changes");
  expect(text).toContain("  - restart: nginx.service");
  expect(text).toMatch(/\| nginx +\| 1\.26 +\| 1\.27 +\| \+2\.0 KB \|/);
  expect(text).toContain("nix copy --to ssh://root@web.test");
});

test("the review has what the user has set to run besides", () => {
  const plan = planOf(["stage", "web"]);
  const wishes = { health: ["curl", "--fail", "http://web/a b"], allOrNothing: true };
  const reviews = [reviewOf(plan, 0, wishes), reviewOf(plan, 1, wishes)];
  expect(reviewSummary(plan, reviews)).toContain("All or nothing: when one does not land");
  const { text } = reviewDocument(plan, reviews);
  expect(text).toContain("whether web is well:\n\n```sh\ncurl --fail 'http://web/a b'\n```");
  expect(text).toContain("web is taken back to the generation that it has now");
  const alone = [reviewOf(planOf(["web"]), 0)];
  expect(reviewSummary(planOf(["web"]), alone)).not.toContain("All or nothing");
  expect(reviewDocument(planOf(["web"]), alone).text).not.toContain("is well");
});

test("what the host foretells is read; what is stopped to be started again is a restart", () => {
  expect(
    parseDryActivate([
      "would stop the following units: a.service, b.service",
      "would NOT stop the following changed units: d.service",
      "would activate the configuration...",
      "would start the following units: b.service, c.service",
      "noise",
    ]),
  ).toEqual({
    by: "foretold",
    stop: ["a.service"],
    start: ["c.service"],
    restart: ["b.service"],
    reload: [],
    leave: ["d.service"],
  });
  expect(parseDryActivate(["Permission denied"])).toBeUndefined();
});

test("unit files are compared with their drop-ins", () => {
  const before = new Map([
    ["a.service", "/1"],
    ["b.service", "/1"],
    ["b.service.d", "/1"],
    ["c.service", "/1"],
  ]);
  const after = new Map([
    ["b.service", "/1"],
    ["b.service.d", "/2"],
    ["c.service", "/1"],
    ["d.timer", "/1"],
  ]);
  expect(compareUnits(before, after)).toMatchObject({
    stop: ["a.service"],
    start: ["d.timer"],
    restart: ["b.service"],
  });
});

test("sizes are read in the columns of every Nix", () => {
  expect(parsePathInfo(`${system("a-1")}\t        1234\nwarning: x\n${system("b-1")} nothing\n`)).toEqual([
    { storePath: system("a-1"), bytes: 1234 },
    { storePath: system("b-1"), bytes: undefined },
  ]);
});

test("an approval holds for its action, its hosts and their store paths", () => {
  const plan = planOf(["web"]);
  const approval = approvalOf(plan, new Map([["web", "/1"]]));
  expect(voidReasons(approval, planOf(["web"]), new Map([["web", "/1"]]))).toEqual([]);
  expect(voidReasons(approval, { ...plan, action: "boot" }, new Map([["web", "/1"]]))).toEqual([
    "it was for another action: deploy",
  ]);
  expect(voidReasons(approval, planOf(["web", "mail"]), new Map([["web", "/2"]]))).toEqual([
    "web: the build made /2, not /1",
    "mail was not part of it",
  ]);
  expect(voidReasons(approval, plan, new Map())).toHaveLength(1);
});

test("an approval is for the machine and the commands that were shown", () => {
  const approval = approvalOf(planOf(["web"]), new Map([["web", "/1"]]));
  const reasons = (host: Partial<HostSnapshot>) =>
    voidReasons(approval, planOf(["web"], host), new Map([["web", "/1"]]));
  expect(reasons({})).toEqual([]);
  const other = ["web: other commands would run now, or on another machine"];
  expect(reasons({ hostname: "mail.test" })).toEqual(other);
  expect(reasons({ sshUser: "ops" })).toEqual(other);
  expect(reasons({ sshOpts: ["-J", "elsewhere"] })).toEqual(other);
});
