import { expect, test } from "vitest";
import { atCursor } from "../../../../test/harness/atCursor";
import { nix } from "../../../../test/harness/nix";
import { documentLinks } from "./documentLinks";
import { inlayHints } from "./inlayHints";
import { definitions, references } from "./navigation";
import { fileSymbols, nested, type PlaceTree, workspaceSymbols } from "./symbols";

const KEY = "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";

function shown(raw: string, find: typeof definitions): string[] {
  const { analysis, path, offset } = atCursor(raw);
  return find(analysis, path, offset).map(
    span => `${span.path.slice(3)} ${analysis.text(span.path)?.slice(span.start, span.end)}`,
  );
}

test("a key leads to the cache that it signs for, and back", () => {
  const files = (key: string, cache: string) =>
    `#- a.nix\n{ nix.settings.trusted-public-keys = [ "${key}" ]; }\n#- b.nix\n{ nix.settings.substituters = [ "${cache}" ]; }`;
  expect(shown(files(`$0${KEY}`, "https://cache.nixos.org"), definitions)).toEqual([
    'b.nix "https://cache.nixos.org"',
  ]);
  expect(shown(files(KEY, "https://cache.nix$0os.org/"), definitions)).toEqual([`a.nix "${KEY}"`]);
});

test("references of a cache are all its spellings", () => {
  const found = shown(
    `#- a.nix\n{ nix.settings.substituters = [ "https://c.exa$0mple.org" ]; }\n#- nix.conf\nsubstituters = https://c.example.org/\n`,
    references,
  );
  expect(found).toEqual(['a.nix "https://c.example.org"', "nix.conf https://c.example.org/"]);
});

test("links lead to caches and to the pages of silenced rules", () => {
  const { analysis, path } = atCursor(
    '{\n# nix-deploy: ignore key-malformed\nnix.settings.substituters = [ "https://c.example.org/?priority=3" "s3://b" ];\n}$0',
  );
  expect(documentLinks(analysis, path)).toMatchObject([
    { kind: "url", url: "https://c.example.org/nix-cache-info" },
    { kind: "rule", code: "key-malformed" },
  ]);
});

test("a key is followed by the cache it belongs to", () => {
  const { analysis, path, text } = atCursor(`{ nix.settings.trusted-public-keys = [ "${KEY}" ]; }$0`);
  const hints = inlayHints(analysis, path, { start: 0, end: text.length });
  expect(hints).toMatchObject([{ text: "cache.nixos.org, 1 host", offset: text.indexOf('" ]') + 1 }]);
});

test("a file's settings and options are its symbols", () => {
  const { analysis, path } = atCursor(nix`{ nix.settings.cores = 2; nix.sshServe.enable = true; }$0`);
  expect(fileSymbols(analysis, path).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "host w",
    "setting cores",
    "setting nix.sshServe.enable",
  ]);
});

test("caches and keys are found by letters of their names", () => {
  const { analysis } = atCursor(`{ nix.settings.substituters = [ "https://c.example.org" ]; }$0`);
  expect(workspaceSymbols(analysis, "cexorg").map(({ name }) => name)).toEqual(["https://c.example.org"]);
  expect(workspaceSymbols(analysis, "zzz")).toEqual([]);
});

const FLEET = `#- flake.nix
{ outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
    deploy.nodes.web.hostname = "w.example.org";
    deploy.nodes.web.profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
}; }
#- web.nix
{ networking.hostName = "web"; programs.ssh.knownHosts."w.example.org".publicKey = "k"; }`;

test.each([
  ["its address", '"w.example.org";', ["flake.nix web", "flake.nix web"]],
  ["its name in its own configuration", '"web";', ["flake.nix web", "flake.nix web"]],
  ["an address in known hosts", '"w.example.org".', ["flake.nix web", "flake.nix web"]],
])("a host is found from %s", (_, text, expected) => {
  expect(shown(FLEET.replace(text, `$0${text}`), definitions)).toEqual(expected);
});

test("references of a host are its selections, its name and its address, without its definitions if they are not wanted", () => {
  const all = [
    "flake.nix web",
    "flake.nix web",
    'flake.nix "w.example.org"',
    "flake.nix web",
    'web.nix "web"',
  ];
  const raw = FLEET.replace("nodes.web.host", "nodes.w$0eb.host");
  expect(shown(raw, references)).toEqual(all);
  const uses = shown(raw, (analysis, path, offset) =>
    references(analysis, path, offset, { declarations: false }),
  );
  expect(uses).toEqual(['flake.nix "w.example.org"', "flake.nix web", 'web.nix "web"']);
});

test("what is defined nowhere else leads to itself, so that editors show its references", () => {
  expect(shown('{ nix.settings.substituters = [ "https://c.ex$0ample.org" ]; }', definitions)).toEqual([
    'configuration.nix "https://c.example.org"',
  ]);
});

/** Names of a tree, those inside in brackets. */
function outlined(trees: readonly PlaceTree[]): string {
  return trees
    .map(
      ({ place, children }) =>
        `${place.kind} ${place.name}${children.length > 0 ? ` [${outlined(children)}]` : ""}`,
    )
    .join(", ");
}

test("symbols are a tree: profiles in nodes, settings in the hosts that a flake holds", () => {
  const { analysis } = atCursor(
    `${FLEET.replace("./web.nix ]", "./web.nix { nix.settings.cores = 1; } ]")}$0`,
  );
  expect(outlined(nested(fileSymbols(analysis, "/w/flake.nix")))).toBe(
    "host web [setting cores], host web, profile system",
  );
  expect(outlined(nested(fileSymbols(analysis, "/w/web.nix")))).toBe(
    'setting programs.ssh.knownHosts."w.example.org".publicKey',
  );
  const set = FLEET.replace("deploy.nodes.web.hostname", "deploy.nodes.web = { hostname").replace(
    "deploy.nodes.web.profiles.system.path",
    "profiles.system.path",
  );
  const { analysis: whole } = atCursor(
    `${set.replace("Configurations.web;\n}; }", "Configurations.web; };\n}; }")}$0`,
  );
  expect(outlined(nested(fileSymbols(whole, "/w/flake.nix")))).toBe("host web, host web [profile system]");
});

test("hosts that are made in one place stand beside each other", () => {
  const { analysis } = atCursor(`#- flake.nix
{ outputs = { self, nixpkgs }: { nixosConfigurations = nixpkgs.lib.genAttrs [ "a" "b" ] (n: nixpkgs.lib.nixosSystem { modules = [ ]; }); }; }$0`);
  expect(outlined(nested(fileSymbols(analysis, "/w/flake.nix")))).toBe("host a, host b");
});

test("what begins with the query comes first among the symbols of the workspace", () => {
  const { analysis } = atCursor(
    '{ nix.settings.substituters = [ "https://a.web.org" "web:x" "https://w.e.b" ]; }$0',
  );
  expect(workspaceSymbols(analysis, "web").map(({ name, detail }) => `${name} ${detail}`)).toEqual([
    "web:x 1 host",
    "https://a.web.org 1 host",
    "https://w.e.b 1 host",
  ]);
});
