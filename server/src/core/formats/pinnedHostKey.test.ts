import { describe, expect, it } from "vitest";
import { formatPinnedHostKey, parsePinnedHostKey } from "./pinnedHostKey";

const BLOB = "AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55";
const PINNED = Buffer.from(`ssh-ed25519 ${BLOB}`).toString("base64");

describe("parsePinnedHostKey", () => {
  it("reads base64 of a key line, also of a whole .pub file", () => {
    expect(parsePinnedHostKey(PINNED)).toMatchObject({
      kind: "key",
      key: { algorithm: { text: "ssh-ed25519" } },
    });
    expect(parsePinnedHostKey(Buffer.from(`ssh-ed25519 ${BLOB} root@stage\n`).toString("base64")).kind).toBe(
      "key",
    );
    expect(parsePinnedHostKey(PINNED.replace(/=+$/, "")).kind).toBe("key");
  });

  it("writes what it reads", () => {
    const reading = parsePinnedHostKey(PINNED);
    expect(reading.kind === "key" && formatPinnedHostKey(reading.key)).toBe(PINNED);
    expect(PINNED).toMatch(/^c3NoLWVkMjU1MTkg/);
  });

  it("mends a blob or a line that was not encoded", () => {
    expect(parsePinnedHostKey(BLOB)).toEqual({ kind: "problem", problem: "blob", instead: PINNED });
    expect(parsePinnedHostKey(`ssh-ed25519 ${BLOB}`)).toEqual({
      kind: "problem",
      problem: "not-encoded",
      instead: PINNED,
    });
  });

  it("reports everything else", () => {
    expect(parsePinnedHostKey("!")).toMatchObject({ problem: "bad-base64" });
    expect(parsePinnedHostKey("aGVsbG8=")).toMatchObject({ problem: "not-a-key" });
    expect(parsePinnedHostKey(`${BLOB.slice(0, 4)}\uFFFC`)).toEqual({ kind: "unknown" });
  });
});
