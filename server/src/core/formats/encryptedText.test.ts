// The envelopes as the tools write them, and Nix that only looks similar.

import { expect, test } from "vitest";
import { isEncrypted } from "./encryptedText";

test.each([
  ["sops", '{\n\t"data": "ENC[AES256_GCM,data:d2OQe1,iv:Zm9v,tag:YmFy,type:str]",\n\t"sops": {}\n}'],
  ["sops to YAML", "data: ENC[AES256_GCM,data:d2OQe1,iv:Zm9v,tag:YmFy,type:str]\nsops: {}\n"],
  ["transcrypt", "U2FsdGVkX1+uNg1RHTAoqEZzOYL8mGjbzPnJsYhVJGRh3Zw8\nq1B3Vb0Bz8V5KQ==\n"],
  ["age", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCg==\n"],
  ["PGP", "-----BEGIN PGP MESSAGE-----\n\nhQIMAw==\n"],
])("%s", (_tool, text) => {
  expect(isEncrypted(text)).toBe(true);
});

test.each(['{ data = "ENC[AES256_GCM]"; }', "", "U2FsdGVkX1: U2FsdGVkX1", "{ }"])("%s is read", text => {
  expect(isEncrypted(text)).toBe(false);
});
