import { FleetsweepError } from "../../shared/domain/errors.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import type { Matrix, SweepSpec } from "../logic/sweep-spec.ts";
import { formatProblems, type Problem } from "./problem.ts";
import { ProblemList } from "./problem-list.ts";
import { isMap, readAxes, readParameters } from "./read-axes.ts";
import { readCanaries } from "./read-canaries.ts";
import { readConstraints, readSelector } from "./read-expressions.ts";
import { readMethod } from "./read-method.ts";
import { readYaml, type YamlFile } from "./read-yaml.ts";
import { checkStructure } from "./structure.ts";
import { type SweepFile, sweepSchema } from "./sweep-schema.ts";
import { readTune } from "./tune-schema.ts";

/**
 * Reads a sweep file.
 * @throws FleetsweepError sweep.invalid whose message holds every problem of the file, each as
 *   `file:line:col` with its line and a hint.
 */
export function parseSweepFile(text: string, fileName: string): SweepSpec {
  const file = readYaml(text);
  if ("problems" in file) {
    throw invalid(text, fileName, { problems: file.problems, count: file.problems.length });
  }
  const problems = new ProblemList(file);
  const spec = readSpec(file, fileName, problems);
  const { list, count } = problems;
  if (count > 0) throw invalid(text, fileName, { problems: list, count });
  return spec;
}

function invalid(
  text: string,
  fileName: string,
  found: { readonly problems: readonly Problem[]; readonly count: number },
): FleetsweepError {
  const count = countOf(found.count, "problem");
  const message = `${fileName} has ${count}\n${formatProblems(text, fileName, found)}`;
  return new FleetsweepError("sweep.invalid", message);
}

function readSpec(file: YamlFile, fileName: string, problems: ProblemList): SweepSpec {
  const { value } = file;
  if (!isMap(value)) {
    const hint = "a sweep file is a map that begins with axes:";
    problems.at([], value === null ? "the file is empty" : "expected a map", hint);
    return emptySpec;
  }
  checkStructure(value, problems);
  const matrices = readMatrices(value, problems);
  const [main = emptyMatrix] = matrices;
  const canaries = readCanaries(value["canaries"], main, problems);
  const parameters = matrices.flatMap((matrix) => Object.keys(matrix.parameters));
  const context = { parameters, problems };
  const constraints = [
    ...readConstraints("when", value["when"], context),
    ...readConstraints("exclude", value["exclude"], context),
  ];
  const selector = isMap(value["hosts"]) ? readSelector(value["hosts"]["where"], problems) : null;
  const checked = sweepSchema.safeParse(value);
  // What is wrong has been reported, by structure or by meaning; the rest cannot be read.
  if (!checked.success || problems.list.length > 0) {
    if (problems.list.length === 0) problems.at([], "the file is not a sweep file");
    return emptySpec;
  }
  return {
    ...readSettings(checked.data, fileName, selector),
    matrices,
    canaries,
    constraints,
    method: readMethod(checked.data.method, problems),
  };
}

function readSettings(
  file: SweepFile,
  fileName: string,
  selector: ReturnType<typeof readSelector>,
): Omit<SweepSpec, "matrices" | "canaries" | "constraints" | "method"> {
  const text = file.hosts?.where ?? "";
  return {
    name: file.name ?? nameOf(fileName),
    description: file.description ?? "",
    baselines: [...new Set(file.baselines)],
    splitBatch: file.split_batch ?? false,
    tune: readTune(file.tune ?? {}),
    hosts: {
      where: selector === null ? null : { expression: selector, text },
      distribute: file.hosts?.distribute ?? "replicate",
      replicas: file.hosts?.replicas ?? 1,
    },
  };
}

function readMatrices(
  value: Readonly<Record<string, unknown>>,
  problems: ProblemList,
): readonly Matrix[] {
  const axes = readAxes(value["axes"], ["axes"], problems);
  if (isMap(value["axes"]) && value["axes"]["runner"] === undefined) {
    problems.atKey([], "axes", { message: "no runner is named", hint: "add runner: onnxruntime" });
  }
  const main: Matrix = { axes, parameters: readParameters(value["parameters"]) };
  const include: readonly unknown[] = Array.isArray(value["include"]) ? value["include"] : [];
  const further = include.map((entry, index): Matrix => {
    const own = readAxes(entry, ["include", index], problems);
    const parameters = isMap(entry) ? readParameters(entry["parameters"]) : {};
    return {
      axes: { ...main.axes, ...own },
      parameters: { ...main.parameters, ...parameters },
    };
  });
  return [main, ...further];
}

/** The file's name without folders and ending, in the letters of a sweep's name. */
function nameOf(fileName: string): string {
  const stem = fileName.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  const clean = stem.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return clean.replace(/^-+/, "").slice(0, 63) || "sweep";
}

const emptyMatrix: Matrix = { axes: {}, parameters: {} };

/** Stands for a file that cannot be read while its problems are on their way. */
const emptySpec: SweepSpec = {
  name: "",
  description: "",
  matrices: [],
  constraints: [],
  baselines: [],
  canaries: null,
  splitBatch: false,
  tune: {},
  hosts: { where: null, distribute: "replicate", replicas: 1 },
  method: precisionModes.normal,
};
