import { expect, test } from "vitest";
import { hostOf } from "../../../test/harness/snapshots";
import { onlyCopies } from "./copyClosure";
import { allSteps, planDeployment } from "./plan";
import { shellLine } from "./step";

function planOf(buildOn: "here" | "target") {
  const host = hostOf({ name: "web", hostname: "web.test", sshUser: "ops" });
  const target = { host, project: "flake", entryPoint: "/w/flake.nix" } as const;
  return planDeployment("dry-activate", [target], "direct", {
    tools: { nix: "nix" } as never,
    sshConfigFile: undefined,
    ownSshOptions: undefined,
    nixosRebuild: "ng",
    colmena: "newer",
    guardSeconds: 60,
    buildOn,
    deployRsOptions: undefined,
    cachixCache: undefined,
    missing: new Set(),
    nixosRebuildOptions: undefined,
    sudoAsks: new Set(),
    copyWith: "nix copy",
  });
}

const lines = (plan: ReturnType<typeof planOf>) => plan.hosts.flatMap(host => allSteps(host).map(shellLine));

test("what is sent is built and copied, and nothing is activated", () => {
  const [build, copy, ...rest] = lines(onlyCopies(planOf("here"), "nix"));
  expect(build).toMatch(/^system=\$\(nix build /);
  expect(copy).toMatch(/nix copy --to ssh:\/\/ops@web\.test "\$system"/);
  expect(rest).toEqual([]);
});

test("the older program gets the same host and options of ssh", () => {
  const [, copy] = lines(onlyCopies(planOf("here"), "nix-copy-closure"));
  expect(copy).toMatch(
    /^NIX_SSHOPTS='-o BatchMode=yes .*' nix-copy-closure --to --gzip --use-substitutes ops@web\.test "\$system"$/,
  );
});

test("a system that is built on its host needs no copy", () => {
  expect(lines(onlyCopies(planOf("target"), "nix"))).toHaveLength(1);
});
