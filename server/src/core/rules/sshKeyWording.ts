// What is wrong with a text that should be an OpenSSH public key, in words.

import type { SshKeyProblem } from "../formats/sshPublicKey";

/** One clause; `part` is the text that the problem points at. */
export function whatIsWrongWithSshKey(problem: SshKeyProblem, part: string): string {
  switch (problem.kind) {
    case "empty":
      return "an empty entry is no public key";
    case "comment":
      return "the entry is a comment, no public key";
    case "fingerprint":
      return "a fingerprint is not the key itself";
    case "file-path":
      return `"${part}" is the path of a key, not the key itself`;
    case "cache-key":
      return "a binary cache key belongs in trusted-public-keys, not among SSH keys";
    case "is-age":
      return "an age key is no SSH key";
    case "is-pgp":
      return "a PGP key is no SSH key";
    case "line-break":
      return "the key has a line break inside";
    case "several-keys":
      return "several keys stand in one entry";
    case "host-in-front":
      return `"${part.trim()}" in front of the key is the host name of a known_hosts line`;
    case "no-type":
      return "the type, such as ssh-ed25519, is missing in front of the key";
    case "unknown-type":
      return `OpenSSH knows no key type "${part}"`;
    case "no-blob":
      return "the key itself is missing after its type";
    case "bad-base64":
      return "the key is not valid Base64";
    case "bad-padding":
      return "the padding at the end of the key's Base64 is wrong";
    case "quoted":
      return "the quotes are part of the key";
    case "truncated":
      return "the key is cut off";
    case "trailing-bytes":
      return "the key has surplus bytes at its end";
    case "other-algorithm":
      return `the key is of type ${problem.algorithm ?? "another"}, not what stands in front of it`;
    case "unknown-algorithm":
      return "the key is of a type that OpenSSH does not know";
    case "wrong-length":
      return "the key has the wrong length";
    case "wrong-curve":
    case "not-on-curve":
      return "the key is not a point of its curve";
    case "private-key":
      return "a private key is no public key";
  }
}
