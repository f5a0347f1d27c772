import fc from "fast-check";
import { expect, test } from "vitest";
import { type Identity, operatorRoles, parseIdentityUri, toIdentityUri } from "./identity.ts";

const name = fc.stringMatching(/^[A-Za-z0-9_@:=+~-]{1,128}$/);
const identity: fc.Arbitrary<Identity> = fc.oneof(
  fc.record({ kind: fc.constant("host" as const), hostId: name }),
  fc.record({ kind: fc.constantFrom("coordinator" as const, "bus" as const), name }),
  fc.record({
    kind: fc.constant("operator" as const),
    name,
    role: fc.constantFrom(...operatorRoles),
  }),
);

test("an identity comes back from its URI, and two have never the same", () => {
  fc.assert(
    fc.property(identity, identity, (a, b) => {
      expect(parseIdentityUri(toIdentityUri(a))).toEqual(a);
      expect(toIdentityUri(a) === toIdentityUri(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

test.each([
  "",
  "fleetsweep://fleet/",
  "fleetsweep://fleet/host/",
  "fleetsweep://fleet/host/a/b",
  "fleetsweep://fleet/host/..",
  "fleetsweep://fleet/host/a.b",
  "fleetsweep://fleet/host/a%2Fb",
  "fleetsweep://other/host/a",
  "https://fleet/host/a",
  "fleetsweep://fleet/operator/root/ann",
  "fleetsweep://fleet/operator/ann",
  "fleetsweep://fleet/operator/admin/ann/x",
  "fleetsweep://fleet/HOST/a",
])("%j names nobody", (uri) => {
  expect(parseIdentityUri(uri)).toBeNull();
});
