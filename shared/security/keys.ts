import { createPublicKey, generateKeyPairSync } from "node:crypto";

/** A new key on P-256, PKCS #8. It never leaves the host that makes it. */
export function makeKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** The public half of a private key, in SPKI, DER. */
export function publicKeyOf(keyPem: string): Buffer {
  return createPublicKey(keyPem).export({ type: "spki", format: "der" });
}
