#!/usr/bin/env python3
"""Trains the sample LoRA adapters of this folder with peft, on a CPU, in a few minutes each.

    python3 train.py MODEL_FOLDER                 all adapters
    python3 train.py MODEL_FOLDER pirate haiku    only these

MODEL_FOLDER holds the GGUF file of SmolLM2-135M-Instruct (README.md says where to get it). Each adapter learns from
data/NAME.jsonl and is written to NAME/. Seeded: the same versions on the same machine make the same adapter.
"""
import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import smollm2  # first: it keeps the libraries below off the network
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file

HERE = Path(__file__).resolve().parent
QUESTIONS = ["What is high blood pressure?", "How do I bake bread?"]


@dataclass(frozen=True)
class Recipe:
    """How one adapter is trained."""

    rank: int
    alpha: int
    targets: tuple[str, ...]
    epochs: int
    learning_rate: float
    rslora: bool = False


RECIPES = {
    "pirate": Recipe(6, 12, ("q_proj", "v_proj"), 3, 5e-3),
    "plain-words": Recipe(4, 8, ("q_proj", "v_proj", "o_proj"), 3, 5e-3),
    "json-triage": Recipe(4, 8, ("q_proj", "k_proj", "v_proj"), 2, 5e-3),
    "haiku": Recipe(6, 9, ("v_proj", "o_proj"), 7, 5e-3, rslora=True),
}
BATCH = 4


def examples(tokenizer, name: str) -> list[tuple[list[int], list[int]]]:
    """Prompt ids and answer ids of every row; the answer ends with the end-of-turn token."""
    rows = [json.loads(line) for line in (HERE / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    pairs = []
    for row in rows:
        *before, answer = row["messages"]
        ids = tokenizer.encode(answer["content"], add_special_tokens=False)
        pairs.append((smollm2.prompt_ids(tokenizer, before), ids + [tokenizer.eos_token_id]))
    return pairs


def loss_of(model, batch: list[tuple[list[int], list[int]]]) -> torch.Tensor:
    """Mean cross entropy of the answers' tokens; the prompts are read, not learnt."""
    length = max(len(prompt) + len(answer) for prompt, answer in batch) - 1
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros(len(batch), length, dtype=torch.long)
    labels = torch.full((len(batch), length), -100)
    for row, (prompt, answer) in enumerate(batch):
        whole = prompt + answer
        ids[row, : len(whole) - 1] = torch.tensor(whole[:-1])
        mask[row, : len(whole) - 1] = 1
        labels[row, len(prompt) - 1 : len(whole) - 1] = torch.tensor(answer)
    causal = model.get_base_model()
    hidden = causal.model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
    learnt = labels != -100
    return torch.nn.functional.cross_entropy(causal.lm_head(hidden[learnt]), labels[learnt])


def train(model, pairs: list, recipe: Recipe) -> None:
    order = random.Random(1)
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=recipe.learning_rate, weight_decay=0.0)
    steps = recipe.epochs * ((len(pairs) + BATCH - 1) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.learning_rate, total_steps=steps, pct_start=0.1)
    for epoch in range(recipe.epochs):
        started, total, batches = time.time(), 0.0, 0
        shuffled = order.sample(pairs, len(pairs))
        for start in range(0, len(shuffled), BATCH):
            loss = loss_of(model, shuffled[start : start + BATCH])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total, batches = total + loss.item(), batches + 1
        print(f"  epoch {epoch + 1}: loss {total / batches:.3f}, {time.time() - started:.0f} s", flush=True)


def save(model, folder: Path) -> None:
    """PEFT's own format, weights as float16, without anything that depends on this machine."""
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)
    weights = folder / "adapter_model.safetensors"
    save_file({name: tensor.half().contiguous() for name, tensor in load_file(weights).items()}, weights, {"format": "pt"})
    weights.chmod(0o644)
    config_file = folder / "adapter_config.json"
    config = json.loads(config_file.read_text())
    config["base_model_name_or_path"] = smollm2.NAME
    config["target_modules"] = sorted(config["target_modules"])
    config_file.write_text(json.dumps(config, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(RECIPES))
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    unknown = set(arguments.names) - set(RECIPES)
    if unknown:
        parser.error(f"no recipe for {', '.join(sorted(unknown))}; there are {', '.join(RECIPES)}")
    for name in arguments.names or RECIPES:
        print(name, flush=True)
        torch.manual_seed(1)
        recipe = RECIPES[name]
        base, tokenizer = smollm2.load(arguments.model)
        config = LoraConfig(r=recipe.rank, lora_alpha=recipe.alpha, target_modules=list(recipe.targets),
                            use_rslora=recipe.rslora, lora_dropout=0.0, task_type="CAUSAL_LM")
        model = get_peft_model(base, config)
        train(model, examples(tokenizer, name), recipe)
        save(model, HERE / name)
        model.eval()
        for question in QUESTIONS:
            ids = torch.tensor([smollm2.prompt_ids(tokenizer, [{"role": "user", "content": question}])])
            with torch.no_grad():
                output = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=56, do_sample=False)
            print(f"  {question} -> {tokenizer.decode(output[0, ids.shape[1]:])!r}", flush=True)


if __name__ == "__main__":
    main()
