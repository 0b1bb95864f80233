// Where edits for hosts go, in repositories of different make.

import { expect, test } from "vitest";
import { analyse } from "../../../../test/harness/analyse";
import { parseFixture } from "../../../../test/harness/fixture";
import { applyEdits } from "../text/textEdit";
import type { OptionChange } from "./editOption";
import { planEdits } from "./planEdits";

const CACHE = "https://new.example.org";
const add = (option: string, item: string) => [option, { kind: "addToList", items: [item] }] as const;
const substituters = add("nix.settings.substituters", CACHE);
const keys = add("nix.settings.trusted-public-keys", "new-1:B");

/** The lines that an edit adds (`+`) and takes away (`-`) by file, or the reasons against it. */
function edited(
  raw: string,
  hosts: readonly string[],
  ...changes: readonly (readonly [string, OptionChange])[]
): string[] {
  const { files } = parseFixture(raw);
  const plan = planEdits(
    analyse(files),
    changes.map(([option, change]) => ({ target: { hosts }, option, change })),
  );
  if (plan.kind === "refused") return plan.reasons.map(({ message }) => `! ${message}`);
  return [...plan.edits].flatMap(([path, edits]) => {
    const before = files.get(path) ?? "";
    const [old, fresh] = [before, applyEdits(before, edits)].map(text => text.split("\n"));
    const gone = old?.filter(line => !fresh?.includes(line)).map(line => `- ${line.trim()}`) ?? [];
    const come = fresh?.filter(line => !old?.includes(line)).map(line => `+ ${line.trim()}`) ?? [];
    return [path.slice(3), ...gone, ...come];
  });
}

const flake = (body: string) => `#- flake.nix
{
  outputs = { self, nixpkgs, deploy-rs }: {
    ${body}
  };
}
`;
const TWO =
  flake(`nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./web.nix ]; };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./db.nix ]; };`);

test("what all hosts share goes where they share what is akin to it", () => {
  const common = `#- common.nix
{ lib, ... }:
{
  nix.settings.substituters = [ "https://a" ]; # near
}
#- web.nix
{ }
#- db.nix
{ }
`;
  expect(edited(TWO + common, ["web", "db"], substituters, keys)).toEqual([
    "common.nix",
    '- nix.settings.substituters = [ "https://a" ]; # near',
    `+ nix.settings.substituters = [ "https://a" "${CACHE}" ]; # near`,
    '+ nix.settings.trusted-public-keys = [ "new-1:B" ];',
  ]);
  expect(edited(TWO + common, ["db"], substituters)).toEqual([
    "db.nix",
    "- { }",
    "+ {",
    `+ nix.settings.substituters = [ "${CACHE}" ];`,
    "+ }",
  ]);
});

test("a list in a let that is used once is the place for it, one that is used twice is not", () => {
  const files = (uses: string) => `#- flake.nix
{
  outputs = { self, nixpkgs }:
    let
      caches = [
        "https://a"
      ];
    in
    {
      nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { nix.settings.substituters = caches; } ]; };
      x = ${uses};
    };
}
`;
  expect(edited(files("1"), ["web"], substituters)).toEqual(["flake.nix", `+ "${CACHE}"`]);
  expect(edited(files("caches"), ["web"], substituters).at(-1)).toContain(
    `substituters = caches ++ [ "${CACHE}" ];`,
  );
});

const HIVE = `#- hive.nix
{
  meta.nixpkgs = import <nixpkgs> { };
  defaults = { pkgs, ... }: {
    time.timeZone = "UTC";
  };
  web = { name, ... }: {
    deployment.targetHost = "w.example.org";
  };
  db = {
    deployment.targetHost = "d.example.org";
  };
}
`;

test("what all nodes of a hive have goes into its defaults, what one has into the node", () => {
  expect(edited(HIVE, ["web", "db"], substituters)).toEqual([
    "hive.nix",
    `+ nix.settings.substituters = [ "${CACHE}" ];`,
  ]);
  const { files } = parseFixture(HIVE);
  const plan = planEdits(analyse(files), [
    { target: { hosts: ["web"] }, option: substituters[0], change: substituters[1] },
  ]);
  const text =
    plan.kind === "edit"
      ? applyEdits(files.get("/w/hive.nix") ?? "", plan.edits.get("/w/hive.nix") ?? [])
      : "";
  expect(text).toContain(
    `deployment.targetHost = "w.example.org";\n    nix.settings.substituters = [ "${CACHE}" ];\n  };\n  db`,
  );
});

test("a module in the flake itself is edited there", () => {
  const inline = flake(`nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [
        ({ pkgs, ... }: {
          networking.hostName = "web";
        })
      ];
    };`);
  expect(edited(inline, ["web"], substituters)).toEqual([
    "flake.nix",
    `+ nix.settings.substituters = [ "${CACHE}" ];`,
  ]);
});

test("a set that is joined is written into, one that is computed is not", () => {
  const one = flake("nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };");
  const web = (body: string) => `${one}#- web.nix\n{ lib, ... }:\n{\n  ${body}\n}\n`;
  expect(
    edited(web("nix.settings = {\n    cores = 1;\n  } // { max-jobs = 1; };"), ["web"], substituters),
  ).toEqual(["web.nix", `+ substituters = [ "${CACHE}" ];`]);
  expect(edited(web("nix.settings = import ./settings.nix;"), ["web"], substituters)).toEqual([
    "! nix.settings.substituters in w/web.nix cannot be edited, the set that holds it is computed: change it by hand",
  ]);
  expect(
    edited(web("nix.settings.substituters = lib.optionals true [ ];"), ["web"], substituters).at(-1),
  ).toBe(`+ nix.settings.substituters = lib.optionals true [ ] ++ [ "${CACHE}" ];`);
});

test("a module that hangs on a condition as a whole is refused by name", () => {
  const files = `${flake("nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };")}#- web.nix
{ lib, ... }: { config = lib.mkIf true { time.timeZone = "UTC"; }; }
`;
  expect(edited(files, ["web"], substituters)).toEqual([
    "! all that w/web.nix says hangs on a condition or is computed: write it by hand",
  ]);
});

test("a merge of sets takes it in the set that hangs on nothing", () => {
  const files = `${flake("nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };")}#- web.nix
{ lib, ... }:
{
  config = lib.mkMerge [
    (lib.mkIf false { a = 1; })
    {
      time.timeZone = "UTC";
    }
  ];
}
`;
  expect(edited(files, ["web"], substituters)).toEqual([
    "web.nix",
    `+ nix.settings.substituters = [ "${CACHE}" ];`,
  ]);
});

test("line ends and tabs are those of the file", () => {
  const one = flake("nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };");
  const text = "{\r\n\tnix = {\r\n\t\tgc.automatic = true;\r\n\t};\r\n}\r\n";
  const files = new Map([...parseFixture(one).files, ["/w/web.nix", text]]);
  const plan = planEdits(analyse(files), [
    {
      target: { hosts: ["web"] },
      option: 'programs.ssh.knownHosts."s"',
      change: { kind: "set", value: { hostNames: ["s"], publicKey: "k" } },
    },
  ]);
  const edits = plan.kind === "edit" ? (plan.edits.get("/w/web.nix") ?? []) : [];
  expect(applyEdits(text, edits)).toBe(
    '{\r\n\tnix = {\r\n\t\tgc.automatic = true;\r\n\t};\r\n\tprograms.ssh.knownHosts.s = {\r\n\t\thostNames = [ "s" ];\r\n\t\tpublicKey = "k";\r\n\t};\r\n}\r\n',
  );
});

const remove = (item: string) =>
  ["nix.settings.substituters", { kind: "removeFromList", items: [item] }] as const;

test("what is taken out goes from everywhere where these hosts alone have it from", () => {
  const files = `${TWO}#- common.nix
{ nix.settings.substituters = [ "https://all" ]; }
#- web.nix
{ imports = [ ./more.nix ]; nix.settings.substituters = [ "https://a" "https://b" ]; }
#- more.nix
{ nix.settings.substituters = [ "https://a" ]; }
#- db.nix
{ }
`;
  expect(edited(files, ["web"], remove("https://a"))).toEqual([
    "more.nix",
    '- { nix.settings.substituters = [ "https://a" ]; }',
    "+ { nix.settings.substituters = [ ]; }",
    "web.nix",
    '- { imports = [ ./more.nix ]; nix.settings.substituters = [ "https://a" "https://b" ]; }',
    '+ { imports = [ ./more.nix ]; nix.settings.substituters = [ "https://b" ]; }',
  ]);
  expect(edited(files, ["web", "db"], remove("https://all"))).toHaveLength(3);
  expect(edited(files, ["db"], remove("https://a"))).toEqual([]);
});

test("what others have from the same place is not taken from one alone", () => {
  const files = `${TWO}#- common.nix
{ nix.settings.substituters = [ "https://all" ]; }
#- web.nix
{ }
#- db.nix
{ }
`;
  expect(edited(files, ["web"], remove("https://all"))).toEqual([
    "! nix.settings.substituters in w/common.nix cannot be edited, db would lose it too: change it by hand",
  ]);
});
