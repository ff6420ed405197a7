/** Why a model cannot be taken, thrown inside the importer and turned into problems where it is called. */
class Refused extends Error {
  /** "byte 120", or "node conv1 (Conv)"; empty for the whole file. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;

  constructor(where: string, expected: string, found: string) {
    super(`${where}: expected ${expected}, found ${found}`);
    this.where = where;
    this.expected = expected;
    this.found = found;
  }
}

export { Refused };
