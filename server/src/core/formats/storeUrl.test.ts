import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parameterOf, parseStoreUrl, storeIdentity } from "./storeUrl";

/** One line for each problem: `kind [marked text] -> what was meant`; `ok` without any. */
function verdict(text: string): string {
  const reading = parseStoreUrl(text);
  if (reading.kind === "unknown") return "unknown";
  const problems = reading.problems.map(problem => {
    const meant = problem.instead === undefined ? "" : ` -> ${problem.instead.join(" ")}`;
    return `${problem.kind} [${text.slice(problem.start, problem.end)}]${meant}`;
  });
  return problems.length === 0 ? `ok ${reading.url?.family}` : problems.join("; ");
}

describe("parseStoreUrl: references that are fine", () => {
  it.each([
    ["https://cache.nixos.org", "http"],
    ["https://cache.nixos.org/", "http"],
    [" https://a.org:8443/hello?priority=30&trusted=true ", "http"],
    ["http://[fd00::1]:5000", "http"],
    ["http://10.0.0.1:5000", "http"],
    ["https://user:secret@cache.example.org", "http"],
    ["s3://bucket?region=eu-west-1&endpoint=minio.local:9000&scheme=http", "s3"],
    ["file:///mnt/cache?compression=zstd", "file"],
    ["ssh://nix-ssh@stage.example.org?priority=50", "ssh"],
    ["ssh-ng://stage:2222?ssh-key=/root/.ssh/cache", "ssh"],
    ["ssh:nix-ssh@host", "ssh"],
    ["file:/mnt/cache", "file"],
    ["/mnt/store", "local"],
    ["./store", "local"],
    ["some/dir", "local"],
    ["local?root=/mnt", "local"],
    ["daemon", "daemon"],
    ["unix:///run/nix.sock", "daemon"],
    ["auto", "auto"],
    ["", "auto"],
    ["dummy://", "dummy"],
  ])("%s", (text, family) => {
    expect(verdict(text)).toBe(`ok ${family}`);
  });
});

describe("parseStoreUrl: slips", () => {
  it.each([
    ["cache.nixos.org", "no-scheme [cache.nixos.org] -> https://cache.nixos.org"],
    ["cache.nixos.org/", "no-scheme [cache.nixos.org/] -> https://cache.nixos.org/"],
    ["cache.example.org:5000", "no-scheme [cache.example.org:5000]"],
    ["nixos", "no-scheme [nixos]"],
    ["https//cache.nixos.org", "missing-colon [https//] -> https://cache.nixos.org"],
    ["https:/cache.nixos.org", "single-slash [https:/] -> https://cache.nixos.org"],
    ["https:cache.nixos.org", "missing-slashes [https:] -> https://cache.nixos.org"],
    ["ssh:/host", "single-slash [ssh:/] -> ssh://host"],
    ["ssh:nix-ssh@host/", "ssh-path [/] -> ssh:nix-ssh@host"],
    ["file//mnt", "missing-colon [file//]"],
    ["s3:/bucket", "single-slash [s3:/] -> s3://bucket"],
    ["s3//bucket", "missing-colon [s3//] -> s3://bucket"],
    ['"https://a.org"', 'wrapped ["https://a.org"] -> https://a.org'],
    ["[https://a.org", "wrapped [[https://a.org] -> https://a.org"],
    ["[", "wrapped [[]"],
    ["https://a.org,", "wrapped [https://a.org,] -> https://a.org"],
    ["https://a.org,https://b.org", "joined [,] -> https://a.org https://b.org"],
    ["https://a.org https://b.org", "blank-inside [ ] -> https://a.org https://b.org"],
    ["https:// a.org", "blank-inside [ ]"],
    ["github:org/repo", "flake-reference [github:org/repo]"],
    ["path:/x", "flake-reference [path:/x]"],
    ["git+ssh://host/repo", "flake-reference [git+ssh://host/repo]"],
    [
      "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
      "is-key [cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=]",
    ],
    ["nix-ssh@host", "ssh-address [nix-ssh@host] -> ssh://nix-ssh@host"],
    ["nix-ssh@host.org:/nix/store", "ssh-address [nix-ssh@host.org:/nix/store] -> ssh://nix-ssh@host.org"],
    ["nix-ssh@host.org:2222", "ssh-address [nix-ssh@host.org:2222] -> ssh://nix-ssh@host.org:2222"],
    ["htps://host", "unknown-scheme [htps]"],
    ["ssh+ng://host", "unknown-scheme [ssh+ng]"],
    ["scp://u@host", "unknown-scheme [scp] -> ssh://u@host"],
    ["HTTPS://host", "scheme-case [HTTPS] -> https://host"],
    ["https://", "empty-host []"],
    ["https:///cache.nixos.org", "empty-host [/] -> https://cache.nixos.org"],
    ["ssh://", "empty-host []"],
    ["s3://", "empty-host []"],
    ["ssh://-oProxyCommand=x", "bad-host [-oProxyCommand=x]"],
    ["https://ho st", "blank-inside [ ]"],
    ["https://h,i.org", "bad-host [h,i.org]"],
    ["https://h:99999", "bad-port [99999]"],
    ["https://h:", "bad-port [:]"],
    ["ssh://h:0", "bad-port [0]"],
    ["ssh://nix-ssh@host/", "ssh-path [/] -> ssh://nix-ssh@host"],
    ["ssh-ng://host/nix/store?priority=1", "ssh-path [/nix/store] -> ssh-ng://host?priority=1"],
    ["ssh://host:/nix/store", "ssh-path [:/nix/store] -> ssh://host"],
    ["ssh://host:22/x", "ssh-path [/x] -> ssh://host:22"],
    ["file://relative/dir", "relative-file [relative/dir]"],
    ["file:rel", "relative-file [rel]"],
    ["https://host#comment", "fragment [#comment] -> https://host"],
    ["https://host?priorty=10", "unknown-parameter [priorty]"],
    ["https://host?priority=low", "parameter-value [low]"],
    ["https://host?priority=", "parameter-value []"],
    ["https://host?trusted=True", "parameter-value [True]"],
    ["https://host?priority", "parameter-without-value [priority]"],
    ["https://host?compression=foo", "parameter-value [foo]"],
    ["https://host?optional=1&priority=3", "unknown-parameter [optional]"],
    ["ssh://host?compression=xz", "unknown-parameter [compression]"],
  ])("%s", (text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe("parseStoreUrl: parts", () => {
  it("gives every part its offsets", () => {
    const text = " https://u:p@Host.org:8080/a/b?priority=3&trusted=1";
    const url = parseStoreUrl(text).url;
    expect(url).toMatchObject({ scheme: "https", text: text.trim() });
    for (const [part, expected] of [
      [url?.schemePart, "https"],
      [url?.user, "u"],
      [url?.password, "p"],
      [url?.host, "Host.org"],
      [url?.port, "8080"],
      [url?.path, "/a/b"],
      [url?.parameters[1]?.name, "trusted"],
      [url?.parameters[1]?.value, "1"],
    ] as const) {
      expect(part?.text).toBe(expected);
      expect(text.slice(part?.start, part?.end)).toBe(expected);
    }
  });

  it("decodes parameter values and takes the first one", () => {
    const url = parseStoreUrl("ssh://h?ssh-key=/a%20b&priority=1&priority=2").url;
    expect(url && parameterOf(url, "ssh-key")).toBe("/a b");
    expect(url && parameterOf(url, "priority")).toBe("1");
    expect(url && parameterOf(url, "trusted")).toBeUndefined();
  });
});

describe("parseStoreUrl: unknown pieces", () => {
  it("keeps what is known and judges only that", () => {
    expect(verdict("https://\uFFFC.cachix.org")).toBe("ok http");
    expect(verdict("https://\uFFFC?priorty=1")).toBe("unknown-parameter [priorty]");
    expect(verdict("ssh://nix-ssh@\uFFFC/")).toBe("ssh-path [/] -> ssh://nix-ssh@\uFFFC");
    expect(verdict("ssh://h?priority=\uFFFC")).toBe("ok ssh");
    expect(verdict("https://h:\uFFFC")).toBe("ok http");
  });

  it("says unknown where not even the store type is known", () => {
    expect(verdict("\uFFFC")).toBe("unknown");
    expect(verdict("\uFFFC://host")).toBe("unknown");
    expect(verdict("http\uFFFC://host")).toBe("unknown");
    expect(verdict("\uFFFC/store")).toBe("unknown");
  });
});

describe("storeIdentity", () => {
  const identity = (text: string) => {
    const { url } = parseStoreUrl(text);
    return url && storeIdentity(url);
  };

  it("is the same for spellings of one cache", () => {
    const one = identity("https://cache.nixos.org");
    expect(identity("https://cache.nixos.org/")).toBe(one);
    expect(identity("https://Cache.NixOS.org:443/?priority=10")).toBe(one);
    expect(identity("http://cache.nixos.org")).not.toBe(one);
  });

  it("keeps what makes another store", () => {
    expect(identity("https://h/a")).not.toBe(identity("https://h/b"));
    expect(identity("ssh://a@h")).not.toBe(identity("ssh://b@h"));
    expect(identity("s3://b?region=a")).not.toBe(identity("s3://b?region=b"));
  });
});

describe("parseStoreUrl on anything", () => {
  it("never throws and keeps its ranges inside the text", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(
        "https",
        "ssh",
        "://",
        "/",
        ":",
        "@",
        "?",
        "&",
        "=",
        "#",
        "[",
        "]",
        "\uFFFC",
        " ",
        "file",
        ",",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
        const text = pieces.join("");
        for (const { start, end } of parseStoreUrl(text).problems) {
          expect(0 <= start && start <= end && end <= text.length).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
