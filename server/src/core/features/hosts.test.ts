import { expect, test } from "vitest";
import { analyseWithHosts, type FakeHost } from "../../../../test/harness/fakeFleet";
import { parseFixture } from "../../../../test/harness/fixture";
import { nix } from "../../../../test/harness/nix";
import type { Analysis } from "../analysis";
import { planEdits } from "../edits/planEdits";
import { applyEdits } from "../text/textEdit";
import { hostLenses } from "./codeLenses";
import { completions } from "./completion";
import { hover } from "./hover";
import { inlayHints } from "./inlayHints";
import { definitions, references } from "./navigation";

const FILES = nix`
#- flake.nix
{
  outputs = { self, ... }: {
    nixosConfigurations.web = lib.nixosSystem { };
    nixosConfigurations.stage = lib.nixosSystem { };
    deploy.nodes.web.profiles.system.path = activate.nixos self.nixosConfigurations.web;
  };
}
#- common.nix
{ nix.settings.substituters = [ "https://c.example.org" ]; }
#- hosts/web.nix
{
  nix.settings.extra-substituters = [ "ssh://nix-ssh@stage.example.org" ];
}
#- hosts/stage/default.nix
{ networking.hostName = "stage"; }
`;

const HOSTS: readonly FakeHost[] = [
  {
    name: "web",
    definedAt: ["/w/flake.nix", "web"],
    attrPath: ["nixosConfigurations", "web"],
    modules: ["/w/common.nix", "/w/hosts/web.nix"],
  },
  {
    name: "stage",
    address: "stage.example.org",
    definedAt: ["/w/flake.nix", "stage"],
    attrPath: ["nixosConfigurations", "stage"],
    modules: ["/w/common.nix", "/w/hosts/stage/default.nix"],
  },
];

function fleet(): Analysis {
  return analyseWithHosts(parseFixture(FILES).files, HOSTS);
}

function offsetIn(analysis: Analysis, path: string, text: string): number {
  return analysis.text(path)?.indexOf(text) ?? -1;
}

function placed(analysis: Analysis, spans: ReturnType<typeof definitions>): string[] {
  return spans.map(({ path, start, end }) => `${path.slice(3)} ${analysis.text(path)?.slice(start, end)}`);
}

test("lenses stand over hosts, one place once", () => {
  expect(hostLenses(fleet(), "/w/flake.nix").map(({ hosts }) => hosts)).toEqual([["web"], ["stage"]]);
  expect(hostLenses(fleet(), "/w/common.nix")).toEqual([]);
});

test("many hosts made in one place share a lens", () => {
  const all = HOSTS.map(host => ({ ...host, definedAt: ["/w/flake.nix", "web"] as const }));
  const analysis = analyseWithHosts(parseFixture(FILES).files, all);
  expect(hostLenses(analysis, "/w/flake.nix")).toMatchObject([
    { hosts: ["web", "stage"], addressed: ["stage"] },
  ]);
});

test("a cache over SSH leads to the host that serves it, and the host knows its users", () => {
  const analysis = fleet();
  const at = offsetIn(analysis, "/w/hosts/web.nix", "nix-ssh@");
  expect(placed(analysis, definitions(analysis, "/w/hosts/web.nix", at))).toEqual(["flake.nix stage"]);
  const stage = offsetIn(analysis, "/w/flake.nix", "stage");
  expect(placed(analysis, references(analysis, "/w/flake.nix", stage))).toContain(
    'hosts/web.nix "ssh://nix-ssh@stage.example.org"',
  );
});

test("a node's configuration leads to its definition", () => {
  const analysis = fleet();
  const at = offsetIn(analysis, "/w/flake.nix", "web;");
  expect(placed(analysis, definitions(analysis, "/w/flake.nix", at))).toEqual(["flake.nix web"]);
});

test("hover over a host names its address, over a cache its users", () => {
  const analysis = fleet();
  const tools = { sha256: (bytes: Uint8Array) => bytes };
  const stage = offsetIn(analysis, "/w/flake.nix", "stage");
  expect(hover(analysis, "/w/flake.nix", stage, tools)?.markdown).toContain("Address: `stage.example.org`");
  const cache = offsetIn(analysis, "/w/common.nix", "c.example");
  expect(hover(analysis, "/w/common.nix", cache, tools)?.markdown).toContain(
    "Asked by 2 hosts: `web`, `stage`.",
  );
});

test("hints count the hosts that use a cache", () => {
  const analysis = fleet();
  const hints = inlayHints(analysis, "/w/common.nix", { start: 0, end: 1_000 });
  expect(hints).toMatchObject([{ text: "2 hosts", tooltip: "web, stage" }]);
});

test("completion knows the configurations and the fleet's own caches", () => {
  const { files, cursor } = parseFixture(`${FILES}#- x.nix\n{ x = self.nixosConfigurations.$0; }`);
  const analysis = analyseWithHosts(files, HOSTS);
  const labels = completions(analysis, cursor?.path ?? "", cursor?.offset ?? 0).map(({ label }) => label);
  expect(labels).toEqual(["web", "stage"]);
});

/** All files that an edit request changes, or the first reason against it. */
function added(hosts: readonly string[]): Record<string, string | undefined> | string {
  const analysis = fleet();
  const plan = planEdits(analysis, [
    { target: { hosts }, option: "nix.settings.substituters", change: { kind: "addToList", items: ["b"] } },
  ]);
  if (plan.kind === "refused") return plan.reasons[0]?.message ?? "";
  return Object.fromEntries(
    [...plan.edits].map(([path, edits]) => [path, applyEdits(analysis.text(path) ?? "", edits)]),
  );
}

test("an edit for one host leaves what others share alone", () => {
  expect(added(["web"])).toEqual({
    "/w/hosts/web.nix": nix`{
  nix.settings.extra-substituters = [ "ssh://nix-ssh@stage.example.org" "b" ];
}`,
  });
  expect(added(["stage"])).toEqual({
    "/w/hosts/stage/default.nix": `{ networking.hostName = "stage"; nix.settings.substituters = [ "b" ]; }\n`,
  });
});

test("an edit for all who share a definition is made there once", () => {
  expect(added(["web", "stage"])).toEqual({
    "/w/common.nix": `{ nix.settings.substituters = [ "https://c.example.org" "b" ]; }`,
  });
  expect(added(["nobody"])).toContain("no file speaks for nobody alone");
});
