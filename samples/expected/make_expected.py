#!/usr/bin/env python3
"""Greedy reference outputs of transformers and peft for SmolLM2-135M-Instruct and the sample adapters, float32, CPU.

    python3 make_expected.py MODEL_FOLDER                 all variants
    python3 make_expected.py MODEL_FOLDER haiku mix       only these anew, the others stay as the file has them

Writes smollm2-greedy.json beside this file. Every output has 64 tokens: the end-of-turn token is noted, but does not stop it.
"""
import argparse
import json
import sys
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
ADAPTERS = HERE.parent / "adapters"
sys.path.insert(0, str(ADAPTERS))

import smollm2  # noqa: E402  (it lies beside the adapters, and keeps the libraries below off the network)
import torch  # noqa: E402
from peft import PeftModel  # noqa: E402

TOKENS = 64
NEAR_TIE = 1e-3
NAMES = ["pirate", "plain-words", "json-triage", "haiku"]
MIX = {"pirate": 0.5, "plain-words": 0.5}
VARIANTS = {"base": {}, **{name: {name: 1.0} for name in NAMES}, "mix": MIX}
RESULT = HERE / "smollm2-greedy.json"
PROMPTS = [
    "What is high blood pressure?",
    "A 67-year-old woman with chest pain for 2 hours.",
    "How do I make a good cup of coffee?",
    "Tell me about the sea.",
    "What is an X-ray?",
]


def greedy(model, prompt: list[int], end: int) -> dict:
    """TOKENS ids, where the end-of-turn token first comes (or null), and the least distance between best and second-best logit."""
    ids, cache, output, margin = torch.tensor([prompt]), None, [], float("inf")
    with torch.no_grad():
        for _ in range(TOKENS):
            result = model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
            best = torch.topk(result.logits[0, -1], 2)
            margin = min(margin, float(best.values[0] - best.values[1]))
            output.append(int(best.indices[0]))
            cache, ids = result.past_key_values, best.indices[None, :1]
    return {"ids": output, "end_at": output.index(end) if end in output else None, "least_margin": round(margin, 5)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("variants", nargs="*", metavar="VARIANT", help=", ".join(VARIANTS))
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    base, tokenizer = smollm2.load(arguments.model)
    prompts = [smollm2.prompt_ids(tokenizer, [{"role": "user", "content": text}]) for text in PROMPTS]
    model = PeftModel.from_pretrained(base, ADAPTERS / NAMES[0], adapter_name=NAMES[0])
    for name in NAMES[1:]:
        model.load_adapter(ADAPTERS / name, adapter_name=name)
    model.add_weighted_adapter(list(MIX), list(MIX.values()), "mix", combination_type="cat")
    model.eval()
    anew = arguments.variants or list(VARIANTS)
    kept = json.loads(RESULT.read_text(encoding="utf-8"))["outputs"] if arguments.variants else []
    outputs = []
    for variant, weights in VARIANTS.items():
        if variant not in anew:
            outputs += [row for row in kept if row["variant"] == variant]
            continue
        if variant != "base":
            model.set_adapter(variant)
        for text, prompt in zip(PROMPTS, prompts):
            with model.disable_adapter() if variant == "base" else nullcontext():
                row = greedy(model, prompt, tokenizer.eos_token_id)
            answer = tokenizer.decode(row["ids"][: row["end_at"]])
            outputs.append({"variant": variant, "adapters": weights, "prompt": text, **row, "text": answer})
            warning = "  NEAR TIE" if row["least_margin"] < NEAR_TIE else ""
            print(f"{variant} | {text} | {answer!r} | {row['least_margin']}{warning}", flush=True)

    file = smollm2.gguf_file(arguments.model)
    result = {
        "model": smollm2.NAME,
        "gguf": {"file": file.name, "sha256": smollm2.sha256(file)},
        "adapters": {name: smollm2.sha256(ADAPTERS / name / "adapter_model.safetensors") for name in NAMES},
        "versions": {name: version(name).split("+")[0] for name in ("torch", "transformers", "peft")},
        "dtype": "float32",
        "end_token": tokenizer.eos_token_id,
        "prompts": [{"text": text, "ids": ids} for text, ids in zip(PROMPTS, prompts)],
        "outputs": outputs,
    }
    lines = json.dumps(result, ensure_ascii=False, indent=1)
    RESULT.write_text(compact(lines) + "\n", encoding="utf-8")


def compact(text: str) -> str:
    """Lists of token ids on one line each."""
    lines, inside = [], None
    for line in text.split("\n"):
        if line.rstrip().endswith('"ids": ['):
            inside = line
        elif inside is not None:
            inside += line.strip() if line.strip().startswith("]") else line.strip().replace(",", ", ")
            if line.strip().startswith("]"):
                lines.append(inside)
                inside = None
        else:
            lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
