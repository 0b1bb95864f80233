import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { findProgram } from "../ports/findProgram";
import { NodeProcesses } from "../ports/nodeProcesses";
import { evaluateHost } from "./evaluateHost";
import { readNixError } from "./nixError";
import { ownPlaceOf } from "./ownPlace";

const FLAKE = `{ outputs = { self }: let host = config: { inherit config; }; in {
  nixosConfigurations.web = host {
    nix.settings = {
      substituters = [ "https://a" ];
      extra-substituters = [ "https://b" ];
      fallback = true;
      max-jobs = 4;
      secret-key-files = [ /etc/nix/key ];
      odd = { };
    };
    nix.extraOptions = "connect-timeout = 5\\nextra-substituters = https://c # more\\n";
  };
  nixosConfigurations.bad = host { nix.settings = import ./bad.nix; nix.extraOptions = ""; };
  nixosConfigurations.endless = host {
    nix.settings = builtins.foldl' (a: n: builtins.deepSeq (builtins.genList (m: m) 100000) { }) { } (builtins.genList (n: n) 10000000);
    nix.extraOptions = "";
  };
  nixosConfigurations.huge = host {
    nix.settings.x = builtins.genList toString 100000000;
    nix.extraOptions = "";
  };
}; }`;

describe.runIf(existsSync("/usr/bin/nix"))("with real Nix", () => {
  let root: string;
  beforeAll(() => {
    const repository = realpathSync(mkdtempSync(path.join(tmpdir(), "evaluate-")));
    root = path.join(repository, "nixos");
    mkdirSync(root);
    writeFileSync(path.join(root, "flake.nix"), FLAKE);
    writeFileSync(path.join(root, "bad.nix"), "{ a =\n  missingName; }\n");
    execFileSync("git", ["init", "-q", repository]);
    execFileSync("git", ["-C", repository, "add", "."]);
  });

  const ports = {
    processes: new NodeProcesses(systemClock),
    nix: "nix",
    prlimit: findProgram("prlimit"),
  };
  const run = (name: string, limits = {}, signal = new AbortController().signal) => {
    const reference = `.#nixosConfigurations.${name}.config`;
    return evaluateHost(ports, { reference, cwd: root, seconds: 60, memoryMiB: 4096, ...limits }, signal);
  };

  test("settings are texts and lists, extraOptions win and add, no path is copied to the store", async () => {
    expect(await run("web")).toEqual({
      kind: "evaluated",
      settings: {
        substituters: ["https://a", "https://b", "https://c"],
        fallback: "true",
        "max-jobs": "4",
        "secret-key-files": ["/etc/nix/key"],
        "connect-timeout": "5",
      },
    });
  });

  test("an error is led back to the file of the project, in a flake below its repository too", async () => {
    const outcome = await run("bad");
    if (outcome.kind !== "failed") throw new Error(outcome.kind);
    expect(outcome.error.message).toBe("undefined variable 'missingName'");
    const [place] = outcome.error.places;
    if (place === undefined) throw new Error("no place");
    expect(await ownPlaceOf(nodeFiles, root, place)).toEqual({
      path: path.join(root, "bad.nix"),
      line: 2,
      column: 3,
    });
  });

  test("an endless evaluation ends at the limit, a huge one too, a cancelled one at once", async () => {
    expect(await run("endless", { seconds: 2 })).toEqual({ kind: "outOfTime" });
    expect(await run("huge", { memoryMiB: 512 })).toEqual({ kind: "outOfMemory" });
    expect(await run("endless", {}, AbortSignal.timeout(500))).toEqual({ kind: "cancelled" });
  }, 60_000);

  test("no Nix and no such host are outcomes too", async () => {
    const request = { reference: ".#x", cwd: root, seconds: 5, memoryMiB: 1024 };
    const missing = { ...ports, nix: "/nowhere/nix", prlimit: undefined };
    expect(await evaluateHost(missing, request, new AbortController().signal)).toMatchObject({
      kind: "cannotRun",
    });
    expect(await run("gone")).toMatchObject({ kind: "failed" });
  });
});

test("Nix 2.18 and later: the trace comes first, the nearest place is the last", () => {
  const text = `error:
       … while calling the 'import' builtin
         at /nix/store/0123456789abcdfghijklmnpqrsvwxyz-source/flake.nix:6:40:
            5|
       … while evaluating the attribute 'a'
         at «git+file:///w?dir=a»/x.nix:1:1:
       … while calling something
         at «git+file:///w/y.nix»:3:4:
       error: undefined variable 'missingName'
         at /nix/store/0123456789abcdfghijklmnpqrsvwxyz-source/bad.nix:2:3:
            1| { a =`;
  expect(readNixError(text.split("\n"))).toEqual({
    message: "undefined variable 'missingName'",
    places: [
      { path: "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-source/bad.nix", line: 2, column: 3 },
      { path: "/w/y.nix", line: 3, column: 4 },
      { path: "/w/x.nix", line: 1, column: 1 },
      { path: "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-source/flake.nix", line: 6, column: 40 },
    ],
  });
});

test("junk is a message without places", () => {
  expect(readNixError([])).toEqual({ message: "", places: [] });
  expect(readNixError(["", "Segmentation fault", ""])).toEqual({ message: "Segmentation fault", places: [] });
});
