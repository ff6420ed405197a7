/** Options of commands that read ONNX models. */
import { type Command, Option } from "commander";
import type { OnnxChoice } from "../../config/onnx.ts";
import { collect } from "./option.ts";

export const onnxOptions = (command: Command): Command =>
  command
    .option("--dim <name=size>", "an open dimension of an ONNX model; may be repeated", collect, [])
    .option(
      "--value <name=numbers>",
      "what an input of an ONNX model holds that decides shapes, shape=[1,-1,64]; may be repeated",
      collect,
      [],
    )
    .option("--allow-unknown", "list operators of an ONNX model without a rule as uncosted")
    .addOption(
      new Option(
        "--measure-sparsity",
        "read the weights of an ONNX model, and store them as sparse as they are",
      ),
    );

/** As given; what is not is left to the file. */
export const onnxChoice = ({ dim, value, allowUnknown, measureSparsity }: OnnxChoice): OnnxChoice => ({
  ...(dim === undefined || dim.length === 0 ? {} : { dim }),
  ...(value === undefined || value.length === 0 ? {} : { value }),
  ...(allowUnknown === undefined ? {} : { allowUnknown }),
  ...(measureSparsity === undefined ? {} : { measureSparsity }),
});
