import { afterEach, expect, test } from "vitest";
import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import { editedWorkspace } from "../../../test/harness/editedWorkspace";
import { recorder } from "../../../test/harness/recorder";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { parseConfig } from "../config";
import { Emitter } from "../events";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import type { Http, HttpAnswer } from "../ports/http";
import { SILENT_LOG } from "../ports/log";
import { NodeProcesses } from "../ports/nodeProcesses";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import type { AddCacheApp } from "./addCache";
import { addCache, publicKeyProblem } from "./addCache";
import { findCacheKeys } from "./cacheKeys";

const KEY = `mine.cachix.org-1:${Buffer.alloc(32, 7).toString("base64")}`;
const SECRET = `mine-1:${Buffer.alloc(64, 7).toString("base64")}`;
const processes = new NodeProcesses(systemClock);

afterEach(() => processes.dispose());

/** A network in which only these addresses answer. */
function network(pages: Readonly<Record<string, string>>): Http & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async get(url): Promise<HttpAnswer> {
      asked.push(url);
      const body = pages[url];
      return {
        kind: "answered",
        status: body === undefined ? 404 : 200,
        body: body ?? "",
        url,
        milliseconds: 1,
      };
    },
  };
}

const FLAKE = `#- flake.nix
{
  outputs = { self, nixpkgs }: {
    nixosConfigurations.prod = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./hosts/prod.nix ];
    };
    nixosConfigurations.stage = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./hosts/stage.nix ];
    };
  };
}
#- hosts/prod.nix
{ ... }:
{
  networking.hostName = "prod";
  nix.settings.substituters = [
    "https://one.example"
  ];
}
#- hosts/stage.nix
{ ... }:
{
  networking.hostName = "stage";
}
`;

function world(pages: Readonly<Record<string, string>>, script: Script, nix?: string) {
  const workspace = editedWorkspace(FLAKE);
  const [flake = ""] = workspace.files.keys();
  const { ui, said } = scriptedUi(script);
  const hosts = ["prod", "stage"].map(name => hostOf({ name }));
  const snapshot = {
    ...fleetOf(hosts),
    entryPoints: [{ path: flake, kind: "flake", complete: true, why: [] }],
  };
  const http = network(pages);
  // the command reads no more of the state than these
  const state = { fleet: { hosts, snapshot } } as unknown as AddCacheApp["state"];
  const ports = { files: nodeFiles, clock: systemClock, processes } as unknown as AddCacheApp["ports"];
  const settings: Record<string, unknown> = { "tools.nix": nix };
  const config = { read: () => parseConfig(key => settings[key]), onDidChange: new Emitter<void>().event };
  const { server, documents } = workspace;
  const text = (name: string) => [...workspace.files].find(([path]) => path.endsWith(name))?.[1];
  return {
    app: { ui, http, ports, state, config, server, documents, log: SILENT_LOG },
    said,
    text,
    http,
    flake,
  };
}

test("a name on Cachix: URL and key come from Cachix, the edit is written as the host writes", async () => {
  const pages = {
    "https://mine.cachix.org/nix-cache-info": "StoreDir: /nix/store\nPriority: 41\n",
    "https://cachix.org/api/v1/cache/mine": JSON.stringify({ publicSigningKeys: [KEY], isPublic: true }),
  };
  const w = world(pages, { inputs: ["mine"], picks: [["prod"]], confirms: [true] });
  await addCache(w.app);
  expect(w.text("prod.nix")).toContain(
    '  nix.settings.substituters = [\n    "https://one.example"\n    "https://mine.cachix.org"\n  ];',
  );
  expect(w.text("prod.nix")).toContain(`nix.settings.trusted-public-keys = [ "${KEY}" ];`);
  expect(w.said.join("\n")).toContain(`key from cachix.org: ${KEY}`);
});

test("a public cache: the key is known without asking, also for the flake's own nixConfig", async () => {
  const pages = { "https://nix-community.cachix.org/nix-cache-info": "StoreDir: /nix/store\n" };
  const w = world(pages, { inputs: ["https://nix-community.cachix.org"], confirms: [true] });
  const ui = {
    ...w.app.ui,
    pickMany: async <T>(items: readonly { value: T; label: string }[]) => [
      ...items.filter(item => item.label === w.flake || item.label === "stage").map(item => item.value),
    ],
  };
  await addCache({ ...w.app, ui });
  expect(w.text("stage.nix")).toContain(
    'nix.settings.substituters = [ "https://nix-community.cachix.org" ];',
  );
  expect(w.text("flake.nix")).toContain(
    'nixConfig.extra-substituters = [ "https://nix-community.cachix.org" ];',
  );
  expect(w.text("flake.nix")).toContain("nixConfig.extra-trusted-public-keys");
  expect(w.http.asked).toEqual(["https://nix-community.cachix.org/nix-cache-info"]);
});

test("what a host has in another spelling is not written a second time", async () => {
  const pages = { "https://One.example/nix-cache-info": "StoreDir: /nix/store\n" };
  const w = world(pages, { inputs: ["https://One.example/", KEY], picks: [["prod"]] });
  const prod = {
    ...hostOf({ name: "prod" }),
    substituters: ["https://one.example"],
    trustedPublicKeys: [KEY.replace("=", "")],
  };
  const { snapshot } = w.app.state.fleet;
  const fleet = { hosts: [prod], snapshot: { ...snapshot, hosts: [prod] } };
  await addCache({ ...w.app, state: { ...w.app.state, fleet } as never });
  expect(w.said.join("\n")).toContain("info: The cache and its key stand there already.");
});

test("what does not answer is asked about, and nothing is written after a no", async () => {
  const w = world({}, { inputs: ["https://typo.example"], confirms: [false] });
  await expect(addCache(w.app)).rejects.toThrow("cancelled");
  expect(w.said.join("\n")).toContain("does not answer as a cache does");
  const password = world({}, { inputs: ["https://me:secret@h.example"] });
  await expect(addCache(password.app)).rejects.toThrow("cancelled");
  expect(password.said.join("\n")).toContain("netrc");
});

test("keys that servers tell are taken only if they are keys", async () => {
  const find = async (text: string, pages: Readonly<Record<string, string>>) => {
    const { url } = parseStoreUrl(text);
    if (url === undefined) throw new Error("no URL");
    return findCacheKeys(network(pages), url);
  };
  const attic = "https://attic.example/_api/v1/cache-config/main";
  expect(
    await find("https://attic.example/main", { [attic]: JSON.stringify({ public_key: KEY }) }),
  ).toMatchObject({
    keys: [KEY],
  });
  for (const page of [
    "",
    "[]",
    "null",
    '{"public_key":7}',
    `{"public_key":"${SECRET}"}`,
    '{"public_key":"a b:x"}',
  ])
    expect((await find("https://attic.example/main", { [attic]: page })).kind).toBe("unknown");
  const cachix = "https://cachix.org/api/v1/cache/mine";
  const many = JSON.stringify({ publicSigningKeys: Array(1000).fill(KEY) });
  expect(await find("https://mine.cachix.org", { [cachix]: many })).toHaveProperty("keys.length", 20);
  expect(await find("https://cache.flakehub.com", {})).toHaveProperty("keys.length", 8);
  expect((await find("ssh://nix-ssh@stage", {})).kind).toBe("unknown");
});

test("a secret that is pasted as a public key is refused and not repeated", () => {
  expect(publicKeyProblem(KEY)).toBeUndefined();
  expect(publicKeyProblem("")).toBeUndefined();
  expect(publicKeyProblem(SECRET)).toContain("secret half");
  expect(publicKeyProblem(SECRET)).not.toContain(SECRET.slice(10, 40));
  expect(publicKeyProblem("x")).toContain("NAME:BASE64");
});

test("a bucket: Nix is asked, whose answer counts; its key is asked for, and the URL is written as it was typed", async () => {
  const url = "s3://cache?endpoint=127.0.0.1:5555&scheme=http&region=us-east-1";
  const script = { inputs: [url, KEY], picks: [["prod"]], confirms: [true] };
  const w = world({}, script, recorder("nix", ["XDG_CACHE_HOME"]).program);
  await addCache(w.app);
  expect(w.text("prod.nix")).toContain(`"${url}"`);
  expect(w.text("prod.nix")).toContain(KEY);
  expect(w.said.join("\n")).not.toContain("Add it all the same?");

  // Nix 2.8 and 2.26 as Debian builds them
  const says = `error: don't know how to open Nix store '${url}'\n`;
  const without = world(
    {},
    { inputs: [url], confirms: [false] },
    recorder("nix", [], { says, codes: [1] }).program,
  );
  await expect(addCache(without.app)).rejects.toThrow("cancelled");
  expect(without.said.join("\n")).toContain("Nix without S3");
  expect(without.http.asked).toEqual([]);
});
