import type { ErrorCode } from "../../shared/domain/errors.ts";
import {
  type Identity,
  identityPath,
  includesRole,
  type OperatorRole,
} from "../../shared/domain/identity.ts";

/** Who may make a call: operators from a role on, or hosts alone, or whoever has an identity. */
export type AccessRule = OperatorRole | "host" | "anybody";

/** Whom the caller's certificate names, and whether it still counts. */
export interface Caller {
  readonly identity: Identity;
  readonly isRevoked: boolean;
  readonly isExpired: boolean;
}

export interface AccessRefusal {
  readonly code: Extract<ErrorCode, "access.unauthenticated" | "access.denied">;
  readonly message: string;
}

/** Whether the caller may make the call: null, or the refusal. A call without a rule is nobody's. */
export function decideAccess(
  method: string,
  rule: AccessRule | undefined,
  caller: Caller | null,
): AccessRefusal | null {
  if (caller === null) {
    return unauthenticated(`${method} needs a certificate of this fleet, and none was shown`);
  }
  const who = identityPath(caller.identity);
  if (caller.isExpired) return unauthenticated(`the certificate of ${who} has expired`);
  if (caller.isRevoked) return denied(`${who} is revoked`);
  if (rule === undefined) return denied(`nobody may call ${method}`);
  if (rule === "anybody") return null;
  const { identity } = caller;
  if (rule === "host") return identity.kind === "host" ? null : denied(onlyHosts(method, who));
  if (identity.kind !== "operator") return denied(`${method} is for operators, not for ${who}`);
  if (includesRole(identity.role, rule)) return null;
  return denied(`${method} needs the role ${rule}; ${identity.name} has ${identity.role}`);
}

/** Whether a host may say so of itself; null, or the refusal. */
export function decideHostClaim(identity: Identity, claimedHostId: string): AccessRefusal | null {
  if (identity.kind === "host" && identity.hostId === claimedHostId) return null;
  return denied(`${identityPath(identity)} may not speak as the host ${claimedHostId}`);
}

function onlyHosts(method: string, who: string): string {
  return `${method} is for agents, not for ${who}`;
}

function unauthenticated(message: string): AccessRefusal {
  return { code: "access.unauthenticated", message };
}

function denied(message: string): AccessRefusal {
  return { code: "access.denied", message };
}
