import "reflect-metadata";
import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { FleetsweepError } from "../domain/errors.ts";
import { type Identity, identityPath, toIdentityUri } from "../domain/identity.ts";
import { makeKey, publicKeyOf } from "./keys.ts";
import { makeSerial } from "./serial.ts";

x509.cryptoProvider.set(webcrypto);

/** A certificate with its key, both as PEM. */
export interface KeyedCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
const authorityLifetimeMs = 3_650 * dayMs;
/** Clocks of hosts differ: a certificate is valid from a little before it was made. */
const backdateMs = 300_000;

/** A new authority: a certificate that may sign certificates of a fleet, and nothing below them. */
export async function makeAuthority(name: string, nowMs: number): Promise<KeyedCertificate> {
  const keyPem = makeKey();
  const keys = await importKeys(keyPem);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }, { O: ["fleetsweep"] }],
    keys,
    signingAlgorithm: keyAlgorithm,
    serialNumber: makeSerial(nowMs),
    notBefore: new Date(nowMs - backdateMs),
    notAfter: new Date(nowMs + authorityLifetimeMs),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: toPem(certificate), keyPem };
}

/** A request that proves to hold the key; it names nobody, for the authority decides whom it names. */
export async function makeRequest(keyPem: string): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ O: ["fleetsweep"] }],
    keys: await importKeys(keyPem),
    signingAlgorithm: keyAlgorithm,
  });
  return `${request.toString("pem")}\n`;
}

export interface Issue {
  readonly authority: KeyedCertificate;
  readonly identity: Identity;
  /** The public key in SPKI, DER. */
  readonly publicKey: Buffer;
  readonly nowMs: number;
  readonly lifetimeMs: number;
  /** For clients that check the name they dialled, as NATS clients do. */
  readonly serverNames?: readonly string[];
}

/** A certificate that names the identity by one URI. Coordinators and servers may serve, others only dial. */
export async function issueCertificate(issue: Issue): Promise<string> {
  const { authority, identity, nowMs, lifetimeMs } = issue;
  const publicKey = Uint8Array.from(issue.publicKey);
  const issuer = new x509.X509Certificate(authority.certificatePem);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [identityPath(identity).slice(0, maxNameLength)] }],
    issuer: issuer.subject,
    publicKey,
    signingKey: (await importKeys(authority.keyPem)).privateKey,
    signingAlgorithm: keyAlgorithm,
    serialNumber: makeSerial(nowMs),
    notBefore: new Date(nowMs - backdateMs),
    notAfter: new Date(nowMs + lifetimeMs),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(usagesOf(identity), true),
      new x509.SubjectAlternativeNameExtension([
        { type: "url", value: toIdentityUri(identity) },
        ...(issue.serverNames ?? []).map(toGeneralName),
      ]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return toPem(certificate);
}

function usagesOf(identity: Identity): string[] {
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  // The servers of one NATS cluster dial each other.
  const serves = identity.kind === "coordinator" || identity.kind === "bus";
  return serves ? [serverAuth, clientAuth] : [clientAuth];
}

/** The longest common name (RFC 5280, ub-common-name); it is for people alone. */
const maxNameLength = 64;

/** A request on P-256 is under 1 KiB. */
const maxRequestChars = 8_192;

/**
 * The public key of a request, in SPKI, DER, once the request proved to hold its private key. Names
 * and extensions that it asks for are not looked at.
 * @throws FleetsweepError config.invalid
 */
export async function readRequest(pem: string): Promise<Buffer> {
  if (pem.length > maxRequestChars) throw badRequest(`it has ${pem.length} characters`);
  try {
    const request = new x509.Pkcs10CertificateRequest(pem);
    if (!(await request.verify())) throw badRequest("its signature is wrong");
    const der = Buffer.from(request.publicKey.rawData);
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return der;
  } catch (error) {
    if (error instanceof FleetsweepError) throw error;
    throw badRequest("it is malformed", error);
  }
  throw badRequest("its key is not on the curve P-256");
}

function badRequest(why: string, cause?: unknown): FleetsweepError {
  const what = `the certificate request cannot be used: ${why}`;
  return new FleetsweepError("config.invalid", what, { cause });
}

function toGeneralName(name: string): { type: "dns" | "ip"; value: string } {
  return { type: /^[\d.]+$|:/.test(name) ? "ip" : "dns", value: name };
}

function toPem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

async function importKeys(keyPem: string): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  const pkcs8 = createPrivateKey(keyPem).export({ type: "pkcs8", format: "der" });
  const privateKey = await subtle.importKey("pkcs8", pkcs8, keyAlgorithm, false, ["sign"]);
  const spki = publicKeyOf(keyPem);
  const publicKey = await subtle.importKey("spki", spki, keyAlgorithm, true, ["verify"]);
  return { privateKey, publicKey };
}
