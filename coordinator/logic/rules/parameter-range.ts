import type { AxisValue } from "../../../shared/domain/cell.ts";
import type { ParameterDeclaration } from "../../../shared/domain/runner-declaration.ts";
import type { RunnerRule } from "./rule.ts";

export const parameterRange: RunnerRule = {
  name: "parameter-range",
  summary: "values that a runner's declaration of its parameter does not allow are not planned",
  refuse(cell, declaration) {
    for (const [name, declared] of Object.entries(declaration.parameters)) {
      const value = cell[name];
      if (value === undefined || allows(declared, value)) continue;
      const reason = `${declaration.name} takes no ${name} ${value} (it takes ${describe(declared)})`;
      return { axis: name, reason };
    }
    return null;
  },
};

function allows(declared: ParameterDeclaration, value: AxisValue): boolean {
  switch (declared.type) {
    case "choice":
      return declared.values.some((word) => word === value);
    case "integer":
      return typeof value === "number" && Number.isSafeInteger(value) && isWithin(declared, value);
    case "flag":
      return typeof value === "boolean";
  }
}

function isWithin(
  declared: Extract<ParameterDeclaration, { type: "integer" }>,
  value: number,
): boolean {
  return value >= declared.min && value <= declared.max;
}

function describe(declared: ParameterDeclaration): string {
  switch (declared.type) {
    case "choice":
      return declared.values.join(", ");
    case "integer":
      return `${declared.min} to ${declared.max}`;
    case "flag":
      return "true or false";
  }
}
