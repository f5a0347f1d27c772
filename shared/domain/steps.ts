/** Work in steps of bounded length, between which whoever does it can do something else; returns its result. */
export type Steps<Value> = Generator<void, Value, void>;

/** All steps at once. */
export function finishSteps<Value>(steps: Steps<Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** As `flatMap`, a step for every `size` members. */
export function* flatMapSteps<Member, Value>(
  members: readonly Member[],
  size: number,
  map: (member: Member) => readonly Value[],
): Steps<Value[]> {
  const values: Value[] = [];
  for (const [index, member] of members.entries()) {
    if (index > 0 && index % size === 0) yield;
    for (const value of map(member)) values.push(value);
  }
  return values;
}

/** As `forEach`, a step for every `size` members. */
export function* forEachSteps<Member>(
  members: readonly Member[],
  size: number,
  visit: (member: Member) => void,
): Steps<void> {
  for (const [index, member] of members.entries()) {
    if (index > 0 && index % size === 0) yield;
    visit(member);
  }
}
