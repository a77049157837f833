#!/usr/bin/env python3
"""The batch of TrainingBenchmark with transformers and peft: tokens a second, SmolLM2-135M's shape, random weights.

    python3 peft_baseline.py [float32|bfloat16] [rounds]
"""
import sys
import time

import peft
import torch
import transformers


def rate(model, rows, length, rounds):
    parameters = [value for value in model.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=1e-4, weight_decay=0.01)
    ids = torch.randint(3, 40_000, (rows, length), generator=torch.Generator().manual_seed(1))
    start = 0.0
    for round in range(-2, rounds):
        if round == 0:
            start = time.perf_counter()
        optimizer.zero_grad()
        model(input_ids=ids, labels=ids).loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    return rows * length * rounds / (time.perf_counter() - start)


def main():
    torch.set_num_threads(2)
    dtype = getattr(torch, sys.argv[1] if len(sys.argv) > 1 else "float32")
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    config = transformers.LlamaConfig(
        vocab_size=49_152, hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9,
        num_key_value_heads=3, max_position_embeddings=8192, rope_theta=100_000.0, tie_word_embeddings=True)
    base = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="sdpa").to(dtype)
    lora = peft.LoraConfig(r=16, lora_alpha=32, task_type="CAUSAL_LM", target_modules=[
        "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])
    model = peft.get_peft_model(base, lora)
    model.train()
    print(f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}, {dtype}")
    print(f"4 x 128: {rate(model, 4, 128, rounds):.0f} tokens/s")
    for length in (16, 32, 64, 128):
        print(f"1 x {length}: {rate(model, 1, length, 4 * rounds):.0f} tokens/s")


if __name__ == "__main__":
    main()
