import { expect, test } from "vitest";
import { analyse } from "../../../../test/harness/analyse";
import { parseFixture } from "../../../../test/harness/fixture";
import { nix } from "../../../../test/harness/nix";
import { applyEdits } from "../text/textEdit";
import type { OptionChange } from "./editOption";
import { planEdits } from "./planEdits";

const SUBSTITUTERS = "nix.settings.substituters";
const add = (...items: (string | number)[]): OptionChange => ({ kind: "addToList", items });
const remove = (...items: (string | number)[]): OptionChange => ({ kind: "removeFromList", items });
const set = (value: Extract<OptionChange, { kind: "set" }>["value"]): OptionChange => ({
  kind: "set",
  value,
});

/** The only file of a fixture after the changes, or the first reason against them. */
function edited(raw: string, ...changes: readonly (readonly [string, OptionChange])[]): string {
  const { files } = parseFixture(raw);
  const [[path = "", text = ""] = []] = [...files];
  const plan = planEdits(
    analyse(files),
    changes.map(([option, change]) => ({ target: { path }, option, change })),
  );
  if (plan.kind === "refused") return `refused: ${plan.reasons[0]?.message}`;
  return applyEdits(text, plan.edits.get(path) ?? []);
}

test("an item joins a list as its neighbours are written", () => {
  expect(edited(nix`{ nix.settings.substituters = [ "a" ]; }`, [SUBSTITUTERS, add("b", "c")])).toBe(
    `{ nix.settings.substituters = [ "a" "b" "c" ]; }`,
  );
  expect(
    edited(
      nix`
{
  nix = {
    settings.substituters = [
      "a" # the first
      "b" # the second
    ];
  };
}
`,
      [SUBSTITUTERS, add("c")],
    ),
  ).toBe(
    nix`{
  nix = {
    settings.substituters = [
      "a" # the first
      "b" # the second
      "c"
    ];
  };
}
`,
  );
  expect(edited(nix`{ nix.settings.substituters = [ ]; }`, [SUBSTITUTERS, add("a")])).toBe(
    `{ nix.settings.substituters = [ "a" ]; }`,
  );
});

test("what stands there already is not added again", () => {
  const text = nix`{ nix.settings.substituters = [ "a" ]; }`;
  expect(edited(text, [SUBSTITUTERS, add("a")])).toBe(text);
});

test("ports are numbers, and a string of the same digits is another item", () => {
  const ports = "networking.firewall.allowedTCPPorts";
  expect(edited(nix`{ networking.firewall.allowedTCPPorts = [ 22 443 ]; }`, [ports, add(5000)])).toBe(
    "{ networking.firewall.allowedTCPPorts = [ 22 443 5000 ]; }",
  );
  const there = nix`{ networking.firewall.allowedTCPPorts = [ 22 5000 ]; }`;
  expect(edited(there, [ports, add(5000)])).toBe(there);
  expect(edited(there, [ports, remove(5000)])).toBe("{ networking.firewall.allowedTCPPorts = [ 22 ]; }");
  expect(edited(there, [ports, remove("5000")])).toBe(there);
  expect(edited(nix`{ a = 1; }`, [ports, add(5000)])).toContain("allowedTCPPorts = [ 5000 ];");
});

test("wrappers, sums and variables keep what they are", () => {
  expect(
    edited(nix`{ nix.settings.substituters = lib.mkForce ([ "a" ] ++ more); }`, [SUBSTITUTERS, add("b")]),
  ).toBe(`{ nix.settings.substituters = lib.mkForce ([ "a" "b" ] ++ more); }`);
  expect(edited(nix`{ nix.settings.substituters = shared.caches; }`, [SUBSTITUTERS, add("b")])).toBe(
    `{ nix.settings.substituters = shared.caches ++ [ "b" ]; }`,
  );
});

test("older names and extra lists are used where people use them", () => {
  expect(edited(nix`{ nix.binaryCaches = [ "a" ]; }`, [SUBSTITUTERS, add("b")])).toBe(
    `{ nix.binaryCaches = [ "a" "b" ]; }`,
  );
  expect(edited(nix`{ nix.settings.extra-substituters = [ "a" ]; }`, [SUBSTITUTERS, add("b")])).toBe(
    `{ nix.settings.extra-substituters = [ "a" "b" ]; }`,
  );
});

test("a missing option goes to where its relatives stand", () => {
  expect(
    edited(
      nix`
{ config, ... }:
{
  nix.settings.cores = 4; # all of them
  services.openssh.enable = true;
}
`,
      [SUBSTITUTERS, add("a")],
    ),
  ).toBe(
    nix`{ config, ... }:
{
  nix.settings.cores = 4; # all of them
  nix.settings.substituters = [ "a" ];
  services.openssh.enable = true;
}
`,
  );
  expect(
    edited(
      nix`
{
  nix = {
    settings = {
      cores = 4;
    };
  };
}
`,
      [SUBSTITUTERS, add("a")],
      ["nix.sshServe.enable", set(true)],
    ),
  ).toBe(
    nix`{
  nix = {
    settings = {
      cores = 4;
      substituters = [ "a" ];
    };
    sshServe.enable = true;
  };
}
`,
  );
  expect(edited("{ }", [SUBSTITUTERS, add("a")])).toBe(`{\n  nix.settings.substituters = [ "a" ];\n}`);
});

test("several new options keep their order", () => {
  expect(edited("{\n  a = 1;\n}\n", [SUBSTITUTERS, add("a")], ["nix.settings.fallback", set(true)])).toBe(
    `{\n  a = 1;\n  nix.settings.substituters = [ "a" ];\n  nix.settings.fallback = true;\n}\n`,
  );
});

test("sets are written with quoted names and their own indentation", () => {
  expect(
    edited("{\n  a = 1;\n}\n", [
      'programs.ssh.knownHosts."stage.example.org"',
      set({ hostNames: ["stage.example.org"], publicKey: `ssh-ed25519 $\{x}` }),
    ]),
  ).toBe(
    nix`{
  a = 1;
  programs.ssh.knownHosts."stage.example.org" = {
    hostNames = [ "stage.example.org" ];
    publicKey = "ssh-ed25519 \${x}";
  };
}
`,
  );
});

test("setting replaces a literal and leaves an equal one alone", () => {
  expect(
    edited(nix`{ nix.sshServe.enable = lib.mkDefault false; }`, ["nix.sshServe.enable", set(true)]),
  ).toBe(`{ nix.sshServe.enable = lib.mkDefault true; }`);
  const text = nix`{ nix.sshServe.enable = true; }`;
  expect(edited(text, ["nix.sshServe.enable", set(true)])).toBe(text);
});

test("removing takes the line with it, but no comment", () => {
  expect(
    edited('{\n  nix.settings.substituters = [\n    "a"\n    "b" # why\n    "c"\n  ];\n}\n', [
      SUBSTITUTERS,
      remove("a", "b"),
    ]),
  ).toBe('{\n  nix.settings.substituters = [\n    # why\n    "c"\n  ];\n}\n');
  expect(edited(nix`{ nix.settings.substituters = [ "a" "b" ]; }`, [SUBSTITUTERS, remove("b")])).toBe(
    `{ nix.settings.substituters = [ "a" ]; }`,
  );
  const without = nix`{ nix.settings.cores = 1; }`;
  expect(edited(without, [SUBSTITUTERS, remove("b")])).toBe(without);
});

test("a flake's own nixConfig is edited as literals, under the name that is used there", () => {
  const caches = "nixConfig.extra-substituters";
  const flake = (body: string) => `#- flake.nix\n${body}`;
  expect(edited(flake("{\n  outputs = _: { };\n}\n"), [caches, add("a")])).toBe(
    '{\n  outputs = _: { };\n  nixConfig.extra-substituters = [ "a" ];\n}\n',
  );
  expect(
    edited(flake('{ nixConfig = { substituters = [ "a" ]; }; outputs = _: { }; }'), [caches, add("b")]),
  ).toBe('{ nixConfig = { substituters = [ "a" "b" ]; }; outputs = _: { }; }');
  expect(
    edited(flake("{ nixConfig.extra-substituters = xs; outputs = _: { }; }"), [caches, add("b")]),
  ).toMatch(/not a list literal/);
  expect(edited("{ a = 1; }", [caches, add("b")])).toMatch(/^refused/);
});

test("what hangs on a condition or is no module is refused with a reason", () => {
  expect(
    edited(
      nix`{ environment, ... }: { nix.settings.substituters = if environment == "a" then [ ] else [ "b" ]; }`,
      [SUBSTITUTERS, add("a")],
    ),
  ).toBe(
    "refused: nix.settings.substituters in w/configuration.nix cannot be edited, its value hangs on a condition: change it by hand",
  );
  expect(edited("#- flake.nix\n{ outputs = _: { }; }", [SUBSTITUTERS, add("a")])).toMatch(
    /^refused: .*no module/,
  );
  expect(edited("{ }", ["nix..settings", set(1)])).toMatch(/^refused: .*no option path/);
});

test("an option goes beside a closer relative, not into a set that Nix would not join with it", () => {
  const serve = ["nix.sshServe.enable", set(true)] as const;
  expect(
    edited(
      nix`
{
  nix.sshServe.protocol = "ssh-ng";
  nix = { settings.cores = 4; };
}
`,
      serve,
    ),
  ).toBe(nix`{
  nix.sshServe.protocol = "ssh-ng";
  nix.sshServe.enable = true;
  nix = { settings.cores = 4; };
}
`);
  expect(edited(nix`{ nix.gc.automatic = true; nix = { settings.cores = 4; }; }`, serve)).toBe(
    "{ nix.gc.automatic = true; nix = { settings.cores = 4; sshServe.enable = true; }; }",
  );
});
