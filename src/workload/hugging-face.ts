/**
 * Reads a Hugging Face `config.json` into a model. One entry for each family, by its `model_type`; keys that say nothing about
 * cost (initialisation, tokens, library version) pass unread.
 */
import { z } from "zod";
import { bert, fabnet, fnet } from "./hugging-face-encoder.ts";
import { bloom, gpt2, opt } from "./hugging-face-gpt.ts";
import { vit } from "./hugging-face-image.ts";
import { gemma, gemma2, gemma3, llama, mistral, mixtral, qwen2, qwen3 } from "./hugging-face-llama.ts";
import { t5, whisper } from "./hugging-face-sequence.ts";

export const huggingFaceModel = z.discriminatedUnion("model_type", [
  gpt2,
  opt,
  bloom,
  llama,
  mistral,
  mixtral,
  qwen2,
  qwen3,
  gemma,
  gemma2,
  gemma3,
  t5,
  whisper,
  bert,
  fnet,
  fabnet,
  vit,
]);
