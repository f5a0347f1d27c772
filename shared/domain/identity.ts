import { isToken } from "./ids.ts";

/** What an operator may do, each including the ones before it: look, run sweeps, change the fleet. */
export const operatorRoles = ["read", "run", "admin"] as const;
export type OperatorRole = (typeof operatorRoles)[number];

/** Whom a certificate names: it stands in the certificate as one URI, and nothing else of it counts. */
export type Identity =
  | { readonly kind: "host"; readonly hostId: string }
  | { readonly kind: "operator"; readonly name: string; readonly role: OperatorRole }
  | { readonly kind: "coordinator"; readonly name: string }
  | { readonly kind: "bus"; readonly name: string };

/** Every identity's URI begins so; the rest is `host/ID`, `operator/ROLE/NAME`, `coordinator/NAME` or `bus/NAME`. */
const uriStart = "fleetsweep://fleet/";

export function toIdentityUri(identity: Identity): string {
  return `${uriStart}${identityPath(identity)}`;
}

/** For people and for the audit trail: `host/h1`, `operator/run/ann`, `coordinator/c1`. */
export function identityPath(identity: Identity): string {
  if (identity.kind === "host") return `host/${identity.hostId}`;
  if (identity.kind === "operator") return `operator/${identity.role}/${identity.name}`;
  return `${identity.kind}/${identity.name}`;
}

/** Null for everything that no authority of ours would issue. */
export function parseIdentityUri(uri: string): Identity | null {
  if (!uri.startsWith(uriStart)) return null;
  const [kind, ...names] = uri.slice(uriStart.length).split("/");
  if (!names.every(isToken)) return null;
  const [first, second, ...more] = names;
  if (first === undefined || more.length > 0) return null;
  if (kind === "host" && second === undefined) return { kind, hostId: first };
  if ((kind === "coordinator" || kind === "bus") && second === undefined)
    return { kind, name: first };
  if (kind === "operator" && second !== undefined && isRole(first)) {
    return { kind, name: second, role: first };
  }
  return null;
}

export function isRole(text: string): text is OperatorRole {
  return (operatorRoles as readonly string[]).includes(text);
}

export function includesRole(held: OperatorRole, needed: OperatorRole): boolean {
  return operatorRoles.indexOf(held) >= operatorRoles.indexOf(needed);
}
