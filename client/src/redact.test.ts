import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { redact, redactData } from "./redact";

const seed = Buffer.alloc(64, 7).toString("base64");
const publicHalf = Buffer.alloc(32, 7).toString("base64");

test("the secret half of a cache key goes, its name and the public half stay", () => {
  expect(redact(`key cache.example.org-1:${seed} end`)).toBe("key cache.example.org-1:<redacted> end");
  expect(redact(`cache.example.org-1:${publicHalf}`)).toBe(`cache.example.org-1:${publicHalf}`);
});

test("private key blocks go, even cut off ones", () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(redact(`a\n${pem}b`)).toBe("a\n<redacted>\nb");
  expect(redact(`a ${pem.slice(0, 60)}`)).toBe("a <redacted>");
});

test.each([
  ["https://user:pa55@cache.example.org/x", "https://user:<redacted>@cache.example.org/x"],
  ["ssh://root@prod", "ssh://root@prod"],
  ["CACHIX_AUTH_TOKEN=abc123 nix build", "CACHIX_AUTH_TOKEN=<redacted> nix build"],
  ['{"password": "hunter2"}', '{"password": "<redacted>"}'],
  ["secret-key-files = /etc/nix/key", "secret-key-files = /etc/nix/key"],
  ["Authorization: Bearer abcdefghijkl", "Authorization: Bearer <redacted>"],
  ["token eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.abc", "token <redacted>"],
  [
    "https://b.s3.amazonaws.com/x?X-Amz-Signature=deadbeef&a=1",
    "https://b.s3.amazonaws.com/x?X-Amz-Signature=<redacted>&a=1",
  ],
  [
    "/nix/store/0c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-prod-24.11",
    "/nix/store/0c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-prod-24.11",
  ],
])("%s", (text, expected) => expect(redact(text)).toBe(expected));

test("data: environment values and secret fields go, the rest stays readable", () => {
  const data = {
    command: "cachix",
    env: { HOME: "/root", TOKEN: "x" },
    nested: [{ authToken: "y", size: 3 }],
    none: undefined,
  };
  expect(redactData(data)).toEqual({
    command: "cachix",
    env: { HOME: "<redacted>", TOKEN: "<redacted>" },
    nested: [{ authToken: "<redacted>", size: 3 }],
    none: undefined,
  });
});

test("an error in data keeps name and redacted message", () => {
  expect(redactData({ error: new RangeError("token=abc") })).toMatchObject({
    error: { name: "RangeError", message: "token=<redacted>" },
  });
});

test("cyclic data ends", () => {
  const data: Record<string, unknown> = {};
  data["self"] = data;
  expect(JSON.stringify(redactData(data))).toContain("…");
});

test("long lines without a blank take no longer than their length", () => {
  const pieces = [
    "a",
    "a-",
    "?",
    "a.",
    "!",
    "A",
    "eyJ",
    "eyJ-",
    "token",
    "?token",
    "token=",
    "secret ",
    "ssh:",
  ];
  const started = performance.now();
  for (const piece of [...pieces, "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "a://", "bearer "])
    redact(piece.repeat(Math.ceil(65_536 / piece.length)));
  expect(performance.now() - started).toBeLessThan(10_000);
});
