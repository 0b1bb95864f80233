import { describe, expect, it } from "vitest";
import { parseNixCacheInfo } from "./nixCacheInfo";

describe("parseNixCacheInfo", () => {
  it("reads the file of cache.nixos.org and the one that nix copy makes", () => {
    expect(parseNixCacheInfo("StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 40\n")).toEqual({
      kind: "info",
      info: { storeDir: "/nix/store", wantMassQuery: true, priority: 40 },
    });
    expect(parseNixCacheInfo("StoreDir: /nix/store\n")).toEqual({
      kind: "info",
      info: { storeDir: "/nix/store" },
    });
  });

  it("ignores other lines", () => {
    expect(parseNixCacheInfo("X: y\r\nPriority: 30\r\n")).toEqual({ kind: "info", info: { priority: 30 } });
  });

  it("tells other files and what stops Nix", () => {
    expect(parseNixCacheInfo("<html>404</html>")).toEqual({ kind: "not-cache-info" });
    expect(parseNixCacheInfo("x".repeat(100_000))).toEqual({ kind: "not-cache-info" });
    expect(parseNixCacheInfo("Priority: abc\n")).toEqual({ kind: "bad-priority", text: "abc" });
  });
});
