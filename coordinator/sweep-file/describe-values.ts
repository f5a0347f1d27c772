import type { Axis } from "../../shared/domain/axis.ts";

/** What an axis takes, for people. */
export function describeValues(axis: Axis): string {
  const { values } = axis;
  switch (values.type) {
    case "words":
      return `One of ${values.words.join(", ")}`;
    case "name":
      return `A name such as ${values.example}`;
    case "integer": {
      const number = values.decimals ? "number" : "whole number";
      const whole = `A ${number} from ${values.min} to ${values.max}, or a range such as 1..8`;
      return values.hostSized ? `${whole} or 1..all pow2, or all, pow2, divisors` : whole;
    }
  }
}
