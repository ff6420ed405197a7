import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onePhase } from "../../src/config/image-network.ts";
import { workloadFields } from "../../src/config/workload.ts";
import { countWorkload, macsOf, parametersRead } from "../../src/workload/count.ts";
import { decoderPhases } from "../../src/workload/decoder.ts";
import { encoderDecoderPhases } from "../../src/workload/encoder-decoder.ts";
import { opsOf, type Workload } from "../../src/workload/graph.ts";
import { huggingFaceModel } from "../../src/workload/hugging-face.ts";
import { patchOps } from "../../src/workload/vision/vit.ts";

type Config = Readonly<Record<string, unknown>>;

/** Hidden size, feed-forward, layers, heads, key and value heads, vocabulary, positions, as Llama's line writes them. */
function llamaLike(
  model_type: string,
  [hidden, wide, layers, heads, keyValue, vocabulary, positions]: readonly number[],
  more: Config = {},
): Config {
  return {
    model_type,
    hidden_size: hidden,
    intermediate_size: wide,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValue,
    vocab_size: vocabulary,
    max_position_embeddings: positions,
    ...more,
  };
}

const opt = (hidden_size: number, heads: number, layers: number, more: Config = {}): Config => ({
  model_type: "opt",
  hidden_size,
  ffn_dim: 4 * hidden_size,
  num_attention_heads: heads,
  num_hidden_layers: layers,
  vocab_size: 50272,
  max_position_embeddings: 2048,
  ...more,
});

const bloom = (hidden_size: number, n_layer: number, n_head: number): Config => ({
  model_type: "bloom",
  hidden_size,
  n_layer,
  n_head,
  vocab_size: 250880,
});

const t5 = (
  d_model: number,
  d_ff: number,
  num_heads: number,
  num_layers: number,
  more: Config = {},
): Config => ({
  model_type: "t5",
  d_model,
  d_kv: 64,
  d_ff,
  num_heads,
  num_layers,
  vocab_size: 32128,
  ...more,
});

const whisper = (
  d_model: number,
  layers: number,
  heads: number,
  bins: number,
  vocabulary: number,
): Config => ({
  model_type: "whisper",
  d_model,
  encoder_layers: layers,
  decoder_layers: layers,
  encoder_attention_heads: heads,
  decoder_attention_heads: heads,
  encoder_ffn_dim: 4 * d_model,
  decoder_ffn_dim: 4 * d_model,
  num_mel_bins: bins,
  vocab_size: vocabulary,
  max_source_positions: 1500,
  max_target_positions: 448,
});

const llama2 = llamaLike("llama", [4096, 11008, 32, 32, 32, 32000, 4096]);
const mixtral = llamaLike("mixtral", [4096, 14336, 32, 32, 8, 32000, 32768], {
  num_local_experts: 8,
  num_experts_per_tok: 2,
  sliding_window: null,
});

function generating(config: Config, inputTokens: number, outputTokens: number, batch = 1): Workload {
  const model = huggingFaceModel.parse(config);
  if (model.kind === "encoder" || model.kind === "patches") throw new Error(`${model.family} reads no text`);
  const task = { kind: "generation" as const, model, batch, inputTokens, outputTokens };
  const phases =
    model.kind === "decoder" ? decoderPhases({ ...task, model }) : encoderDecoderPhases({ ...task, model });
  return { name: model.family, source: "a test", precision: "fp16", task, phases };
}

describe("parameters", () => {
  // What the published checkpoints hold (the model cards' tensor counts on huggingface.co), tied tables once.
  test.each<readonly [string, Config, number]>([
    ["Llama-2-7B", llama2, 6_738_415_616],
    ["Llama-2-70B", llamaLike("llama", [8192, 28672, 80, 64, 8, 32000, 4096]), 68_976_648_192],
    ["Llama-3-8B", llamaLike("llama", [4096, 14336, 32, 32, 8, 128256, 8192]), 8_030_261_248],
    [
      "Llama-3.2-1B",
      llamaLike("llama", [2048, 8192, 16, 32, 8, 128256, 131072], {
        head_dim: 64,
        tie_word_embeddings: true,
      }),
      1_235_814_400,
    ],
    [
      "Mistral-7B",
      llamaLike("mistral", [4096, 14336, 32, 32, 8, 32000, 32768], { sliding_window: 4096 }),
      7_241_732_096,
    ],
    ["Mixtral-8x7B", mixtral, 46_702_792_704],
    ["Qwen2.5-7B", llamaLike("qwen2", [3584, 18944, 28, 28, 4, 152064, 131072]), 7_615_616_512],
    [
      "Qwen2-0.5B",
      llamaLike("qwen2", [896, 4864, 24, 14, 2, 151936, 131072], { tie_word_embeddings: true }),
      494_032_768,
    ],
    [
      "Qwen3-8B",
      llamaLike("qwen3", [4096, 12288, 36, 32, 8, 151936, 40960], { head_dim: 128 }),
      8_190_735_360,
    ],
    [
      "Qwen3-0.6B",
      llamaLike("qwen3", [1024, 3072, 28, 16, 8, 151936, 40960], {
        head_dim: 128,
        tie_word_embeddings: true,
      }),
      596_049_920,
    ],
    ["Gemma-2B", llamaLike("gemma", [2048, 16384, 18, 8, 1, 256000, 8192], { head_dim: 256 }), 2_506_172_416],
    [
      "Gemma-7B",
      llamaLike("gemma", [3072, 24576, 28, 16, 16, 256000, 8192], { head_dim: 256 }),
      8_537_680_896,
    ],
    [
      "Gemma-2-2B",
      llamaLike("gemma2", [2304, 9216, 26, 8, 4, 256000, 8192], { head_dim: 256, sliding_window: 4096 }),
      2_614_341_888,
    ],
    [
      "Gemma-2-9B",
      llamaLike("gemma2", [3584, 14336, 42, 16, 8, 256000, 8192], { head_dim: 256, sliding_window: 4096 }),
      9_241_705_984,
    ],
    [
      "Gemma-3-1B",
      llamaLike("gemma3_text", [1152, 6912, 26, 4, 1, 262144, 32768], { head_dim: 256, sliding_window: 512 }),
      999_885_952,
    ],
    ["OPT-125M", opt(768, 12, 12), 125_239_296],
    ["OPT-350M", opt(1024, 16, 24, { word_embed_proj_dim: 512, do_layer_norm_before: false }), 331_196_416],
    ["OPT-1.3B", opt(2048, 32, 24), 1_315_758_080],
    ["OPT-6.7B", opt(4096, 32, 32), 6_658_473_984],
    ["BLOOM-560M", bloom(1024, 24, 16), 559_214_592],
    ["BLOOM-7B1", bloom(4096, 30, 32), 7_069_016_064],
    ["BLOOM-176B", bloom(14336, 70, 112), 176_247_271_424],
    ["T5-small", t5(512, 2048, 8, 6), 60_506_624],
    ["T5-base", t5(768, 3072, 12, 12), 222_903_552],
    [
      "Flan-T5-base",
      t5(768, 2048, 12, 12, { feed_forward_proj: "gated-gelu", tie_word_embeddings: false }),
      247_577_856,
    ],
    ["Whisper-tiny", whisper(384, 4, 6, 80, 51865), 37_760_640],
    ["Whisper-large-v3", whisper(1280, 32, 20, 128, 51866), 1_543_490_560],
  ])("of %s are those of its checkpoint", (_, config, parameters) => {
    const counted = countWorkload(generating(config, 4, 2));
    expect(counted.parameters).toBe(parameters);
    expect(counted.parameterBytes).toBe(2 * parameters);
  });

  test("that one token of Mixtral-8x7B uses are 12.9 of its 46.7 billion", () => {
    const decode = generating(mixtral, 1, 1).phases.at(-1);
    const used =
      decode?.blocks.flatMap(({ ops, times }) => ops.map((op) => times * parametersRead(op))) ?? [];
    expect(used.reduce((sum, n) => sum + n, 0) / 1e9).toBeCloseTo(12.9, 1);
  });
});

describe("MACs", () => {
  test("of 128 tokens through Llama-2-7B are the 850.00 GMACs that calflops prints, less what the mask hides", () => {
    const { macs } = countWorkload(generating(llama2, 128, 0));
    // Half of the scores and contexts is masked: 32 layers * 2 products * 4096 * (128^2 - 128 * 129 / 2).
    const masked = 32 * 2 * 4096 * (128 ** 2 - (128 * 129) / 2);
    expect((macs + masked) / 1e9).toBeCloseTo(850, 1);
  });

  const windowed = llamaLike("gemma3_text", [8, 16, 6, 2, 1, 10, 64], {
    head_dim: 4,
    sliding_window: 3,
    sliding_window_pattern: 3,
  });

  test("of a layer with a window count the latest positions only", () => {
    const macs = new Map(opsOf(generating(windowed, 5, 0)).map(({ name, op }) => [name, macsOf(op)]));
    // Two heads of four elements; rows see 1, 2, 3, 3, 3 positions through a window of 3, or 1 to 5.
    expect(macs.get("decoder[0-1].scores")).toBe(2 * 4 * 12);
    expect(macs.get("decoder[2].scores")).toBe(2 * 4 * 15);
    expect(macs.get("decoder[0-1].context")).toBe(2 * 4 * 12);
  });

  test("are the same however a text is split into prompt and answer, also while a window fills", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          windowed,
          { ...windowed, sliding_window: 7 },
          llamaLike("llama", [8, 16, 2, 2, 1, 10, 64]),
        ),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(12),
        (config, input, output) => {
          const macs = (...tokens: [number, number]) => countWorkload(generating(config, ...tokens)).macs;
          expect(macs(input, output)).toBe(macs(input + output, 0));
        },
      ),
    );
  });

  test("of a mixture of experts are those of the experts that each token uses", () => {
    const small = llamaLike("mixtral", [8, 16, 1, 2, 2, 10, 64], {
      num_local_experts: 8,
      num_experts_per_tok: 2,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (tokens) => {
        const ops = new Map(opsOf(generating(small, tokens, 0)).map(({ name, op }) => [name, op]));
        const expand = ops.get("decoder.expand");
        if (expand?.kind !== "matmul") throw new Error("no expand");
        expect(macsOf(expand)).toBe(tokens * 2 * 8 * 16);
        expect(expand.count).toBe(Math.min(8, 2 * tokens));
        expect(parametersRead(expand)).toBe(Math.min(8, 2 * tokens) * 8 * 16);
      }),
    );
  });

  test("of a decoder on an encoder's result: each written token meets all that was read", () => {
    const run = generating(t5(8, 16, 2, 1), 5, 3);
    const decode = run.phases.at(-1);
    const cross = decode?.blocks.flatMap(({ ops }) => ops).find(({ name }) => name === "crossScores");
    // Two heads of 64 elements, five positions.
    expect(cross && macsOf(cross)).toBe(2 * 64 * 5);
    expect(decode?.steps).toBe(3);
  });

  test("of 30 seconds through Whisper's two convolutions equal a pencil count", () => {
    const macs = new Map(
      opsOf(generating(whisper(384, 4, 6, 80, 51865), 1500, 1)).map(({ name, op }) => [name, macsOf(op)]),
    );
    expect(macs.get("spectrum.convolution1")).toBe(3000 * 3 * 80 * 384);
    expect(macs.get("spectrum.convolution2")).toBe(1500 * 3 * 384 * 384);
  });
});

describe("ViT", () => {
  const read = (config: Config) => {
    const { family, ...model } = patchModel(config);
    return countWorkload({
      name: family,
      source: "a test",
      precision: "fp16",
      task: { kind: "inference", model: { kind: "graph", family }, batch: 1, sequence: 1 },
      phases: onePhase(patchOps({ family, ...model }, 1)),
    });
  };
  const vit = (hidden: number, wide: number, layers: number, heads: number, patch: number): Config => ({
    model_type: "vit",
    hidden_size: hidden,
    intermediate_size: wide,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    patch_size: patch,
    num_labels: 1000,
  });

  // torchvision's table of models: vit_b_16, vit_b_32, vit_l_16; and its GFLOPS, which count a multiply-accumulate once.
  test.each([
    ["B/16", vit(768, 3072, 12, 12, 16), 86_567_656, 17.56],
    ["B/32", vit(768, 3072, 12, 12, 32), 88_224_232, 4.41],
    ["L/16", vit(1024, 4096, 24, 16, 16), 304_326_632, 61.55],
  ] as const)("%s has the published parameters and MACs", (_, config, parameters, gigaMacs) => {
    const counted = read(config);
    expect(counted.parameters).toBe(parameters);
    expect(Math.abs(counted.macs / 1e9 / gigaMacs - 1)).toBeLessThan(0.005);
  });

  test("takes as many classes as its labels name", () => {
    expect(
      patchModel({
        ...vit(8, 8, 1, 1, 16),
        num_labels: undefined,
        id2label: { 0: "cat", 1: "dog", 2: "owl" },
      }).classes,
    ).toBe(3);
  });
});

function patchModel(config: Config) {
  const model = huggingFaceModel.parse(config);
  if (model.kind !== "patches") throw new Error(`${model.family} takes no images`);
  return model;
}

describe("every family", () => {
  const configs: readonly Config[] = [
    llama2,
    mixtral,
    opt(1024, 16, 24, { word_embed_proj_dim: 512, do_layer_norm_before: false }),
    bloom(1024, 24, 16),
    t5(512, 2048, 8, 6),
    whisper(384, 4, 6, 80, 51865),
    llamaLike("qwen3", [1024, 3072, 28, 16, 8, 151936, 40960], { head_dim: 128 }),
    llamaLike("gemma2", [2304, 9216, 26, 8, 4, 256000, 8192], { head_dim: 256, sliding_window: 16 }),
  ];

  test.each(configs.map((config) => [String(config["model_type"]), config] as const))(
    "%s reads only results that stand before it in its block, or by full name in blocks before",
    (_, config) => {
      for (const { blocks } of generating(config, 20, 4).phases)
        for (const [at, { ops }] of blocks.entries())
          for (const [index, { name, inputs }] of ops.entries()) {
            const earlier = blocks
              .slice(0, at)
              .flatMap((block) => block.ops.map((op) => `${block.name}.${op.name}`));
            const before = new Set(["input", ...earlier, ...ops.slice(0, index).map((op) => op.name)]);
            expect(
              inputs.filter((input) => !before.has(input)),
              `${name} reads`,
            ).toEqual([]);
            expect(new Set(ops.map((op) => op.name)).size).toBe(ops.length);
          }
    },
  );

  test("says which of its numbers do not go together", () => {
    const found = workloadFields.safeParse({
      name: "wrong",
      source: "a test",
      precision: "fp16",
      batch: 1,
      inputTokens: 1,
      outputTokens: 1,
      model: llamaLike("mixtral", [4100, 14336, 32, 32, 5, 32000, 32768], {
        num_local_experts: 8,
        num_experts_per_tok: 9,
      }),
    });
    expect(found.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)).toEqual([
      "model.num_attention_heads: a divisor of hidden_size, or a head_dim",
      "model.num_key_value_heads: a divisor of num_attention_heads",
      "model.num_experts_per_tok: at most num_local_experts",
    ]);
  });
});
