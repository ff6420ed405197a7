/** Numbers as Python prints them: SCALE-Sim's reports are read by scripts that compare text. */

/** A float: shortest digits that read back the same, always with a point or an exponent. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const size = `${Math.abs(exponent)}`.padStart(2, "0");
    return `${digits}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (Number.isInteger(value)) return `${value}.0`;
  const plain = String(value);
  return plain.includes("e")
    ? value.toFixed(Math.max(0, digits.replace(/[-.]/g, "").length - 1 - exponent))
    : plain;
}
